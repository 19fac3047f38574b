package main

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	"github.com/quic-go/quic-go/quicvarint"
)

func runProxy(flags *flag.FlagSet, args []string) error {
	listen := flags.String("listen", "127.0.0.1:0", "host and port")
	cert := flags.String("cert", "", "PEM file with the certificate chain")
	key := flags.String("key", "", "PEM file with the key")
	psk := flags.String("psk", "", "pre-shared key, none for an open proxy")
	flags.Parse(args)
	identity, err := tls.LoadX509KeyPair(*cert, *key)
	if err != nil {
		return err
	}
	socket, err := net.ListenPacket("udp", *listen)
	if err != nil {
		return err
	}
	server := &http3.Server{
		TLSConfig:       http3.ConfigureTLSConfig(&tls.Config{Certificates: []tls.Certificate{identity}}),
		QUICConfig:      &quic.Config{EnableDatagrams: true, InitialPacketSize: 1350},
		EnableDatagrams: true,
		Handler:         http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handle(w, r, *psk) }),
	}
	fmt.Println("ready", socket.LocalAddr().(*net.UDPAddr).Port)
	return server.Serve(socket)
}

func handle(w http.ResponseWriter, r *http.Request, psk string) {
	if r.Method != http.MethodConnect {
		fmt.Fprintln(w, "this is a proxy")
		return
	}
	if psk != "" && r.Header.Get("Proxy-Authorization") != "Preshared "+psk {
		w.Header().Set("Proxy-Status", "quicgo; error=http_request_denied")
		w.WriteHeader(http.StatusForbidden)
		return
	}
	network, target := "tcp", r.Host
	if r.Proto == "connect-udp" {
		var ok bool
		network = "udp"
		if target, ok = udpTarget(r.URL.EscapedPath()); !ok {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Capsule-Protocol", "?1")
	}
	conn, err := net.Dial(network, target)
	if err != nil {
		w.Header().Set("Proxy-Status", "quicgo; error=connection_refused")
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer conn.Close()
	w.WriteHeader(http.StatusOK)
	w.(http.Flusher).Flush()
	stream := w.(http3.HTTPStreamer).HTTPStream()
	if network == "udp" {
		relayDatagrams(stream, conn)
	} else {
		relayBytes(stream, conn.(*net.TCPConn))
	}
}

func udpTarget(path string) (string, bool) {
	parts := strings.Split(strings.TrimPrefix(path, "/.well-known/masque/udp/"), "/")
	if len(parts) < 2 {
		return "", false
	}
	host, err := url.PathUnescape(parts[0])
	return net.JoinHostPort(host, parts[1]), err == nil
}

func relayBytes(stream http3.Stream, conn *net.TCPConn) {
	up := make(chan struct{})
	go func() {
		defer close(up)
		if _, err := io.Copy(conn, stream); err != nil {
			conn.SetLinger(0) // the client reset the stream: so is the connection
			conn.Close()
			return
		}
		conn.CloseWrite()
	}()
	if _, err := io.Copy(stream, conn); err != nil {
		stream.CancelRead(quic.StreamErrorCode(http3.ErrCodeConnectError))
		stream.CancelWrite(quic.StreamErrorCode(http3.ErrCodeConnectError))
	} else {
		stream.Close()
	}
	<-up
}

func relayDatagrams(stream http3.Stream, conn net.Conn) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() { // nothing but capsules comes here, and none that matters
		io.Copy(io.Discard, stream)
		cancel()
		conn.Close()
	}()
	go func() {
		for {
			datagram, err := stream.ReceiveDatagram(ctx)
			if err != nil {
				conn.Close()
				return
			}
			if id, length, err := quicvarint.Parse(datagram); err == nil && id == 0 {
				conn.Write(datagram[length:])
			}
		}
	}()
	buffer := make([]byte, 1+65535)
	for {
		n, err := conn.Read(buffer[1:])
		if err != nil {
			break
		}
		if stream.SendDatagram(buffer[:1+n]) != nil {
			continue // too large
		}
	}
	stream.Close()
}
