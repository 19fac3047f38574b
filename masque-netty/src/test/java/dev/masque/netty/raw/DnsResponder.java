package dev.masque.netty.raw;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A name server of a few names, on UDP and TCP. What it does with a question follows from the first label of the name:
 * {@code nx}, {@code servfail}, {@code refused}, {@code silent}, {@code nodata}, {@code v4}, {@code v6}, {@code both},
 * {@code alias}, {@code large} (truncated over UDP), {@code lossy} (the first of each type is lost), {@code short} (TTL 0),
 * {@code garbage} (no DNS message follows the id), {@code half} (the message is cut), and {@code ip} with an address in
 * hexadecimal, of which the answer consists.
 */
public final class DnsResponder implements AutoCloseable {
    private static final int A = 1;
    private static final int CNAME = 5;
    private static final int AAAA = 28;

    private static final int ATTEMPTS = 20;

    public final List<String> questions = new CopyOnWriteArrayList<>();
    public final Set<Integer> ports = ConcurrentHashMap.newKeySet();
    private final Set<String> lost = ConcurrentHashMap.newKeySet();
    private final DatagramSocket udp;
    private final ServerSocket tcp;

    public DnsResponder() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        ServerSocket forTcp = new ServerSocket(0, 50, loopback);
        DatagramSocket forUdp = udpOn(forTcp);
        for (int attempt = 1; forUdp == null; attempt++) {
            forTcp.close();
            if (attempt == ATTEMPTS) {
                throw new IOException("no port is free for TCP and UDP");
            }
            forTcp = new ServerSocket(0, 50, loopback);
            forUdp = udpOn(forTcp);
        }
        this.tcp = forTcp;
        this.udp = forUdp;
        daemon(this::serveUdp);
        daemon(this::serveTcp);
    }

    /** A socket on the same port, or null if another program has it. */
    @Nullable private static DatagramSocket udpOn(ServerSocket tcp) throws SocketException {
        try {
            return new DatagramSocket(tcp.getLocalPort(), tcp.getInetAddress());
        } catch (BindException taken) {
            return null;
        }
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(udp.getLocalAddress(), udp.getLocalPort());
    }

    public long asked(String name) {
        return questions.stream().filter(question -> question.startsWith(name)).count();
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "dns-responder");
        thread.setDaemon(true);
        thread.start();
    }

    private void serveUdp() {
        byte[] buffer = new byte[4096];
        while (!udp.isClosed()) {
            try {
                DatagramPacket query = new DatagramPacket(buffer, buffer.length);
                udp.receive(query);
                ports.add(query.getPort());
                byte[] answer = answer(ByteBuffer.wrap(buffer, 0, query.getLength()), false);
                if (answer.length > 0) {
                    udp.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try (Socket client = tcp.accept()) {
                DataInputStream in = new DataInputStream(client.getInputStream());
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                byte[] answer = answer(ByteBuffer.wrap(query), true);
                DataOutputStream out = new DataOutputStream(client.getOutputStream());
                out.writeShort(answer.length);
                out.write(answer);
                out.flush();
                in.read(); // the client closes
            } catch (IOException closed) {
                // of the listener: the loop ends; of a client: the next one
            }
        }
    }

    private byte[] answer(ByteBuffer query, boolean overTcp) {
        int id = query.getShort() & 0xffff;
        query.position(query.position() + 10);
        int start = query.position();
        StringBuilder name = new StringBuilder();
        for (int length = query.get(); length > 0; length = query.get()) {
            byte[] label = new byte[length];
            query.get(label);
            name.append(new String(label, StandardCharsets.US_ASCII)).append('.');
        }
        int type = query.getShort();
        query.getShort();
        byte[] question = new byte[query.position() - start];
        query.get(start, question);
        questions.add(name + " " + type + (overTcp ? " tcp" : ""));
        String kind = name.substring(0, name.indexOf("."));
        if (kind.equals("silent") || kind.equals("lossy") && lost.add(name + " " + type)) {
            return new byte[0];
        }
        if (kind.equals("garbage")) {
            return new byte[] {(byte) (id >> 8), (byte) id, (byte) 0x81, (byte) 0x80, -1, -1, -1, -1, -1, -1, -1, -1, -1
            };
        }
        try {
            byte[] message = message(id, kind, question, type, overTcp);
            return kind.equals("half") ? Arrays.copyOf(message, message.length - 7) : message;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] message(int id, String kind, byte[] question, int type, boolean overTcp) throws IOException {
        int rcode = switch (kind) {
            case "servfail" -> 2;
            case "nx" -> 3;
            case "refused" -> 5;
            default -> 0;
        };
        boolean truncated = kind.equals("large") && !overTcp;
        int copies = kind.equals("large") ? 100 : 1;
        boolean has = rcode == 0
                && !truncated
                && !kind.equals("nodata")
                && !(kind.equals("v4") && type != A)
                && !(kind.equals("v6") && type != AAAA)
                && !(kind.startsWith("ip") && kind.length() != (type == A ? 10 : 34));
        boolean alias = kind.equals("alias");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(id);
        out.writeShort(0x8180 | rcode | (truncated ? 0x0200 : 0));
        out.writeShort(1);
        out.writeShort(has ? copies + (alias ? 1 : 0) : 0);
        out.writeInt(0);
        out.write(question);
        if (has && alias) {
            out.writeShort(0xc00c);
            record(out, CNAME, 60, new byte[] {4, 'r', 'e', 'a', 'l', (byte) 0xc0, 0x0c});
        }
        for (int i = 1; has && i <= copies; i++) {
            if (alias) {
                out.write(new byte[] {4, 'r', 'e', 'a', 'l', (byte) 0xc0, 0x0c});
            } else {
                out.writeShort(0xc00c);
            }
            record(out, type, kind.equals("short") ? 0 : 60, address(kind, type, i));
        }
        return bytes.toByteArray();
    }

    private static byte[] address(String kind, int type, int number) {
        if (kind.startsWith("ip")) {
            return HexFormat.of().parseHex(kind.substring(2));
        }
        byte[] address = new byte[type == A ? 4 : 16];
        address[0] = type == A ? (byte) 203 : 0x20;
        address[address.length - 1] = (byte) number;
        return address;
    }

    private static void record(DataOutputStream out, int type, int ttl, byte[] data) throws IOException {
        out.writeShort(type);
        out.writeShort(1);
        out.writeInt(ttl);
        out.writeShort(data.length);
        out.write(data);
    }
}
