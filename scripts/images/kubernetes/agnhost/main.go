// What probe pods run of upstream's agnhost, two servers and the client for SCTP, without the thirty things that they do
// not: the same packages as in the registry's image, in a binary that starts faster.
package main

import (
	"os"

	"github.com/spf13/cobra"
	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/test/images/agnhost/connect"
	"k8s.io/kubernetes/test/images/agnhost/netexec"
	"k8s.io/kubernetes/test/images/agnhost/porter"
)

func main() {
	root := &cobra.Command{Use: "agnhost"}
	root.AddCommand(connect.CmdConnect, netexec.CmdNetexec, porter.CmdPorter)
	os.Exit(cli.Run(root))
}
