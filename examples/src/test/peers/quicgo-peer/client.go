package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	"github.com/quic-go/quic-go/quicvarint"
)

type clientOptions struct{ proxy, ca, psk, cert, key string }

func (o *clientOptions) register(flags *flag.FlagSet) {
	flags.StringVar(&o.proxy, "proxy", "", "host and port of the proxy")
	flags.StringVar(&o.ca, "ca", "", "PEM file with the certificate authority")
	flags.StringVar(&o.psk, "psk", "", "pre-shared key")
	flags.StringVar(&o.cert, "cert", "", "PEM file with a certificate to show")
	flags.StringVar(&o.key, "key", "", "PEM file with its key")
}

// open connects to the proxy and sends a request; protocol is "" for a classic CONNECT.
func (o *clientOptions) open(target, protocol string) (http3.RequestStream, func(), error) {
	pem, err := os.ReadFile(o.ca)
	if err != nil {
		return nil, nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	config := &tls.Config{RootCAs: roots, NextProtos: []string{http3.NextProtoH3}}
	if o.cert != "" {
		own, err := tls.LoadX509KeyPair(o.cert, o.key)
		if err != nil {
			return nil, nil, err
		}
		config.Certificates = []tls.Certificate{own}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, err := quic.DialAddr(ctx, o.proxy,
		config,
		&quic.Config{EnableDatagrams: true, InitialPacketSize: 1350})
	if err != nil {
		return nil, nil, err
	}
	done := func() { conn.CloseWithError(quic.ApplicationErrorCode(http3.ErrCodeNoError), "") }
	rt := &http3.SingleDestinationRoundTripper{Connection: conn, EnableDatagrams: true}
	hc := rt.Start()
	select {
	case <-hc.ReceivedSettings():
	case <-conn.Context().Done():
		return nil, done, context.Cause(conn.Context())
	case <-ctx.Done():
		return nil, done, errors.New("no SETTINGS")
	}
	if protocol != "" && !hc.Settings().EnableExtendedConnect {
		return nil, done, errors.New("the proxy has no extended CONNECT")
	}
	if protocol != "" && !hc.Settings().EnableDatagrams {
		return nil, done, errors.New("the proxy has no datagrams")
	}
	stream, err := rt.OpenRequestStream(ctx)
	if err != nil {
		return nil, done, err
	}
	return stream, done, o.send(stream, target, protocol)
}

func (o *clientOptions) send(stream http3.RequestStream, target, protocol string) error {
	req := &http.Request{Method: http.MethodConnect, Host: target, Header: http.Header{}, URL: &url.URL{Host: target}}
	if protocol != "" {
		host, port, err := net.SplitHostPort(target)
		if err != nil {
			return err
		}
		req.Proto = protocol
		req.Host = o.proxy
		req.URL, err = url.Parse("https://" + o.proxy + "/.well-known/masque/udp/" + url.PathEscape(host) + "/" + port + "/")
		if err != nil {
			return err
		}
		req.Header.Set("Capsule-Protocol", "?1")
	}
	if o.psk != "" {
		req.Header.Set("Proxy-Authorization", "Preshared "+o.psk)
	}
	if err := stream.SendRequestHeader(req); err != nil {
		return err
	}
	rsp, err := stream.ReadResponse()
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "status", rsp.StatusCode)
	rsp.Header.Write(os.Stderr)
	if rsp.StatusCode/100 != 2 {
		return refused{rsp.StatusCode}
	}
	return nil
}

func runConnect(flags *flag.FlagSet, args []string) error {
	var o clientOptions
	o.register(flags)
	flags.Parse(args)
	stream, done, err := o.open(flags.Arg(0), "")
	if done != nil {
		defer done()
	}
	if err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() {
		_, err := io.Copy(stream, os.Stdin)
		if err == nil {
			err = stream.Close()
		}
		failed <- err
	}()
	_, err = io.Copy(os.Stdout, stream)
	if err != nil {
		return err
	}
	return <-failed
}

// runReset keeps the connection until its input ends, so that nobody takes the end of that for the reset.
func runReset(flags *flag.FlagSet, args []string) error {
	var o clientOptions
	o.register(flags)
	flags.Parse(args)
	stream, done, err := o.open(flags.Arg(0), "")
	if done != nil {
		defer done()
	}
	if err != nil {
		return err
	}
	if _, err := stream.Write([]byte{1}); err != nil {
		return err
	}
	if _, err := io.ReadFull(stream, make([]byte, 1)); err != nil {
		return err
	}
	stream.CancelWrite(quic.StreamErrorCode(http3.ErrCodeRequestCanceled))
	stream.CancelRead(quic.StreamErrorCode(http3.ErrCodeRequestCanceled))
	fmt.Println("was reset")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

func runUDP(flags *flag.FlagSet, args []string) error {
	var o clientOptions
	o.register(flags)
	count := flags.Int("count", 10, "datagrams to exchange")
	size := flags.Int("size", 100, "bytes of each payload")
	burst := flags.Int("burst", 1, "datagrams under way at once")
	wait := flags.Duration("wait", time.Second, "after which a datagram is lost")
	flags.Parse(args)
	stream, done, err := o.open(flags.Arg(0), "connect-udp")
	if done != nil {
		defer done()
	}
	if err != nil {
		return err
	}
	echoed, disordered := 0, 0
	for sent := 0; sent < *count; sent += *burst {
		for i := 0; i < *burst; i++ {
			if err := stream.SendDatagram(payload(sent+i, *size)); err != nil {
				return err
			}
		}
		last := -1
		for i := 0; i < *burst; i++ {
			n, err := receive(stream, *size, *wait)
			if errors.Is(err, context.DeadlineExceeded) {
				break // lost, as datagrams may be
			}
			if err != nil {
				return err
			}
			echoed++
			if n < last {
				disordered++
			}
			last = n
		}
	}
	fmt.Printf("sent %d echoed %d disordered %d\n", *count, echoed, disordered)
	return stream.Close()
}

// payload is the context id 0 and then a UDP payload that begins with the number.
func payload(n, size int) []byte {
	bytes := make([]byte, 1+size)
	for i := range bytes[1:] {
		bytes[1+i] = byte(n + i)
	}
	if size >= 4 {
		binary.BigEndian.PutUint32(bytes[1:], uint32(n))
	}
	return bytes
}

func receive(stream http3.Stream, size int, wait time.Duration) (int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	defer cancel()
	for {
		datagram, err := stream.ReceiveDatagram(ctx)
		if err != nil {
			return 0, err
		}
		id, length, err := quicvarint.Parse(datagram)
		if err != nil {
			return 0, err
		}
		if id != 0 {
			continue
		}
		udp := datagram[length:]
		n := 0
		if size >= 4 && len(udp) >= 4 {
			n = int(binary.BigEndian.Uint32(udp))
		}
		if size >= 4 && !bytes.Equal(udp, payload(n, size)[1:]) {
			return 0, fmt.Errorf("a datagram of %d bytes came back as %d other ones", size, len(udp))
		}
		return n, nil
	}
}
