// The two servers of upstream's agnhost that probe pods run, without the thirty that they do not: the same packages
// as in the registry's image, in a binary that starts faster.
package main

import (
	"os"

	"github.com/spf13/cobra"
	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/test/images/agnhost/netexec"
	"k8s.io/kubernetes/test/images/agnhost/porter"
)

func main() {
	root := &cobra.Command{Use: "agnhost"}
	root.AddCommand(netexec.CmdNetexec, porter.CmdPorter)
	os.Exit(cli.Run(root))
}
