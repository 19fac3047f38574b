// A MASQUE client and proxy on quic-go, to test against. It speaks HTTP/3 only: classic CONNECT (RFC 9114, 4.4) and
// CONNECT-UDP (RFC 9298) with QUIC DATAGRAM frames.
//
//	quicgo-peer connect -proxy HOST:PORT -ca FILE [-psk KEY] TARGET   standard input and output through a TCP tunnel
//	quicgo-peer reset -proxy HOST:PORT -ca FILE [-psk KEY] TARGET   gives a TCP tunnel up; says "was reset", ends with its input
//	quicgo-peer udp -proxy HOST:PORT -ca FILE [-psk KEY] [-count N] [-size N] [-burst N] [-wait D] TARGET   to a UDP echo
//	quicgo-peer proxy -listen HOST:PORT -cert FILE -key FILE [-psk KEY]   prints "ready PORT"
//	quicgo-peer site -listen HOST:PORT -cert FILE -key FILE   an HTTP/3 site; prints "ready PORT"
//	quicgo-peer get -ca FILE URL   fetches from such a site, to standard output
//
// The clients print the response on standard error, "status 200" and then its header fields. They exit with 0 if all went
// well, with 3 if the proxy refused, with 1 otherwise.
package main

import (
	"flag"
	"fmt"
	"os"
)

type refused struct{ status int }

func (r refused) Error() string { return fmt.Sprintf("refused with %d", r.status) }

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "connect, reset, udp, proxy, site or get?")
		os.Exit(2)
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	var err error
	switch os.Args[1] {
	case "connect":
		err = runConnect(flags, os.Args[2:])
	case "reset":
		err = runReset(flags, os.Args[2:])
	case "udp":
		err = runUDP(flags, os.Args[2:])
	case "site":
		err = runSite(flags, os.Args[2:])
	case "get":
		err = runGet(flags, os.Args[2:])
	case "proxy":
		err = runProxy(flags, os.Args[2:])
	default:
		err = fmt.Errorf("unknown mode %q", os.Args[1])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		if _, ok := err.(refused); ok {
			os.Exit(3)
		}
		os.Exit(1)
	}
}
