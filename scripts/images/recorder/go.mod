module podreach/recorder

go 1.26
