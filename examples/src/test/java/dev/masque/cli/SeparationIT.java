package dev.masque.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The promise of two hops, on four processes with addresses of their own: what A, B and the target receive, what is on the
 * wires before A and B, and what the proxies log is recorded and searched for what is not for them.
 */
@Timeout(240)
@EnabledOnOs(value = OS.LINUX, disabledReason = "all of 127.0.0.0/8 has to be there")
class SeparationIT {
    static final String ACCOUNT = "account-of-alice";

    private static final String TARGET = "hidden-target.example";
    private static final String SECOND = "b.example";

    @TempDir
    private Path folder;

    private final String keyOfA = "key-for-a-" + UUID.randomUUID();
    private final String keyOfB = "key-for-b-" + UUID.randomUUID();
    private final String payload = "what-is-said-" + UUID.randomUUID();

    @ParameterizedTest(name = "HTTP/{1} in HTTP/{0}")
    @CsvSource({"2, 2", "2, 3", "3, 2", "3, 3"})
    void nobodySeesBothEnds(String outer, String inner) throws Exception {
        SelfSigned.create(List.of("127.0.0.21")).write(folder.resolve("a"));
        SelfSigned.create(List.of(SECOND)).write(folder.resolve("b"));
        Files.writeString(folder.resolve("a.key"), keyOfA);
        Files.writeString(folder.resolve("b.key"), keyOfB);
        Evidence clientToA = new Evidence();
        Evidence aToB = new Evidence();
        Map<String, Evidence> parties = new LinkedHashMap<>();
        int port;
        try (Running target = party("target", "127.0.0.40");
                Running b = party("b", "127.0.0.30", folder.resolve("b").toString(), keyOfB, TARGET + "=127.0.0.40");
                WireTap beforeB = tap("127.0.0.31", "127.0.0.20", "127.0.0.30", b.port(), aToB);
                Running a = party(
                        "a",
                        "127.0.0.20",
                        folder.resolve("a").toString(),
                        keyOfA,
                        SECOND + "=127.0.0.31",
                        SECOND + ":" + b.port());
                WireTap beforeA = tap("127.0.0.21", "127.0.0.10", "127.0.0.20", a.port(), clientToA)) {
            port = target.port();
            try (Running client = client(a.port(), b.port(), port, outer, inner)) {
                speakTcp(client.port());
                speakUdp(client.port());
            }
            parties.put("A", a.end());
            parties.put("B", b.end());
            parties.put("target", target.end());
        }
        parties.put("wire to A", clientToA);
        parties.put("wire to B", aToB);

        assertThat(new Separation(parties)
                        .secret("the client's address", "127.0.0.10", Set.of("A"), Set.of())
                        .secret("the key for A", keyOfA, Set.of("A"), Set.of())
                        .secret("the account at A", ACCOUNT + "-at-a", Set.of(), Set.of("A"))
                        .secret("the name of B", SECOND, Set.of("A", "B"), Set.of("wire to B"))
                        .secret("A's name in Proxy-Status", "a; ", Set.of(), Set.of("A", "wire to A", "wire to B"))
                        .secret("the address of A", "127.0.0.20", Set.of("B"), Set.of("A"))
                        .secret("the key for B", keyOfB, Set.of("B"), Set.of())
                        .secret("the account at B", ACCOUNT + "-at-b", Set.of(), Set.of("B"))
                        .secret("the target's name", TARGET, Set.of("B"), Set.of())
                        .secret("the target's address", "127.0.0.40", Set.of(), Set.of("B"))
                        .secret("the target's port", Integer.toString(port), Set.of("B"), Set.of())
                        .secret("B's egress address", "127.0.0.30", Set.of("target"), Set.of("B"))
                        .secret("what is said", payload, Set.of("B", "target"), Set.of())
                        .violations())
                .isEmpty();
    }

    private static WireTap tap(String at, String from, String to, int port, Evidence evidence) throws IOException {
        return WireTap.between(
                new InetSocketAddress(at, port),
                InetAddress.getByName(from),
                new InetSocketAddress(to, port),
                evidence);
    }

    /** Again, where three cold processes are too slow for the client. */
    private void speakTcp(int port) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (true) {
            try {
                speakTcpOnce(port);
                return;
            } catch (SocketException reset) {
                if (System.nanoTime() > deadline) {
                    throw reset;
                }
            }
        }
    }

    private void speakTcpOnce(int port) throws IOException {
        byte[] said = payload.getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(said);
            assertThat(socket.getInputStream().readNBytes(said.length)).isEqualTo(said);
        }
    }

    private void speakUdp(int port) throws IOException {
        byte[] said = payload.getBytes(StandardCharsets.US_ASCII);
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(1_000);
            for (int attempts = 0; attempts < 60; attempts++) {
                socket.send(new DatagramPacket(said, said.length, InetAddress.getLoopbackAddress(), port));
                try {
                    socket.receive(packet);
                    assertThat(Arrays.copyOf(packet.getData(), packet.getLength()))
                            .isEqualTo(said);
                    return;
                } catch (SocketTimeoutException lost) {
                    packet.setLength(2_000);
                }
            }
        }
        throw new AssertionError("no datagram came back");
    }

    private Running party(String role, String address, String... more) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of(role, address, file(role).toString()));
        arguments.addAll(List.of(more));
        Running running = new Running(role, SeparatedParty.class, arguments);
        running.awaitPort("");
        return running;
    }

    /** The command as it is, with both kinds of tunnels at one port of its own. */
    private Running client(int portOfA, int portOfB, int target, String outer, String inner) throws IOException {
        int local = freePort();
        Running running = new Running(
                "client",
                Masque.class,
                List.of(
                        "forward",
                        "--hop=https://127.0.0.21:" + portOfA,
                        "--hop-psk-file=" + folder.resolve("a.key"),
                        "--hop-ca=" + folder.resolve("a").resolve("ca.pem"),
                        "--hop-http=" + outer,
                        "--proxy=https://" + SECOND + ":" + portOfB,
                        "--psk-file=" + folder.resolve("b.key"),
                        "--proxy-ca=" + folder.resolve("b").resolve("ca.pem"),
                        "--http=" + inner,
                        "--tcp=" + local + "=" + TARGET + ":" + target,
                        "--udp=" + local + "=" + TARGET + ":" + target));
        running.awaitPort("forwarding udp 127.0.0.1:" + local);
        return running;
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Path file(String role) {
        return folder.resolve(role + ".evidence");
    }

    /** A process, which logs at DEBUG to a file. */
    private final class Running implements AutoCloseable {
        private final String role;
        private final Process process;
        private final Path log;
        private int port;

        Running(String role, Class<?> main, List<String> arguments) throws IOException {
            this.role = role;
            this.log = folder.resolve(role + ".log");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx128m",
                    "-XX:TieredStopAtLevel=1", // starts faster
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=debug",
                    "-cp",
                    System.getProperty("java.class.path"),
                    main.getName()));
            command.addAll(arguments);
            process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        }

        int port() {
            return port;
        }

        /** Reads until a line that starts so, with the port in it. */
        void awaitPort(String start) throws IOException {
            BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(start)) {
                    String number = start.isEmpty() ? line : start.substring(start.lastIndexOf(':') + 1);
                    port = Integer.parseInt(number);
                    return;
                }
            }
            throw new IOException(role + " has ended: " + Files.readString(log));
        }

        /** Ends it; returns what it has seen, and logged. */
        Evidence end() throws IOException, InterruptedException {
            process.getOutputStream().close();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(role + " ends").isTrue();
            Evidence evidence = Evidence.read(file(role));
            evidence.add("log", ByteBuffer.wrap(Files.readAllBytes(log)));
            return evidence;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
