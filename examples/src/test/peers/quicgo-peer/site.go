package main

import (
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
)

// inner is for a connection that runs inside a UDP tunnel, which carries packets of 1200 bytes and not many more.
func inner() *quic.Config {
	return &quic.Config{InitialPacketSize: 1200, DisablePathMTUDiscovery: true}
}

// runSite serves https://localhost/bytes/N: N bytes, of which number i has the value of i*i modulo 251.
func runSite(flags *flag.FlagSet, args []string) error {
	listen := flags.String("listen", "127.0.0.1:0", "where to listen")
	cert := flags.String("cert", "", "PEM file")
	key := flags.String("key", "", "PEM file")
	flags.Parse(args)
	pair, err := tls.LoadX509KeyPair(*cert, *key)
	if err != nil {
		return err
	}
	socket, err := net.ListenPacket("udp", *listen)
	if err != nil {
		return err
	}
	site := &http3.Server{
		TLSConfig:  http3.ConfigureTLSConfig(&tls.Config{Certificates: []tls.Certificate{pair}}),
		QUICConfig: inner(),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			count, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/bytes/"))
			if err != nil || count < 0 {
				w.WriteHeader(http.StatusNotFound)
				return
			}
			bytes := make([]byte, count)
			for i := range bytes {
				bytes[i] = byte(i * i % 251)
			}
			w.Write(bytes)
		}),
	}
	fmt.Println("ready", socket.LocalAddr().(*net.UDPAddr).Port)
	return site.Serve(socket)
}

// runGet writes what a URL leads to to standard output.
func runGet(flags *flag.FlagSet, args []string) error {
	ca := flags.String("ca", "", "PEM file with the certificate authority")
	flags.Parse(args)
	pem, err := os.ReadFile(*ca)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	transport := &http3.RoundTripper{TLSClientConfig: &tls.Config{RootCAs: roots}, QUICConfig: inner()}
	defer transport.Close()
	rsp, err := (&http.Client{Transport: transport, Timeout: 60 * time.Second}).Get(flags.Arg(0))
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "status", rsp.StatusCode)
	_, err = io.Copy(os.Stdout, rsp.Body)
	return err
}
