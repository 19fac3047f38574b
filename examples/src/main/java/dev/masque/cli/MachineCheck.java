package dev.masque.cli;

import dev.masque.core.spi.TransportProvider;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether this machine is fit for proxying: the Java, the limits of the system, the transports, a port. Stateless. */
final class MachineCheck {
    private static final int UDP_BUFFER = 4 << 20;
    private static final int ENOUGH_UDP_BUFFER = 1 << 20;
    private static final long ENOUGH_FILES = 16_384;

    private MachineCheck() {}

    static List<Finding> all(Http3Option http3) throws IOException {
        List<Finding> findings = new ArrayList<>();
        findings.add(java());
        findings.add(udpBuffers());
        openFiles().ifPresent(findings::add);
        findings.addAll(transports(http3));
        return findings;
    }

    private static Finding java() {
        String what = "Java " + System.getProperty("java.version") + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + ", " + Runtime.getRuntime().availableProcessors() + " processors, "
                + (Runtime.getRuntime().maxMemory() >> 20) + " MiB of heap at most";
        return Finding.ok("java", what);
    }

    private static Finding udpBuffers() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.setReceiveBufferSize(UDP_BUFFER);
            int size = socket.getReceiveBufferSize();
            String has = "the system gives a UDP socket " + (size >> 10) + " KiB to receive in";
            return size >= ENOUGH_UDP_BUFFER
                    ? Finding.ok("udp buffers", has)
                    : Finding.hint(
                            "udp buffers",
                            has + ": busy proxies lose packets; on Linux: sysctl -w net.core.rmem_max=4194304");
        }
    }

    private static Optional<Finding> openFiles() {
        try (var lines = Files.lines(Path.of("/proc/self/limits"))) {
            return lines.filter(line -> line.startsWith("Max open files"))
                    .map(line -> line.split("\\s+")[3])
                    .map(MachineCheck::openFiles)
                    .findFirst();
        } catch (IOException elsewhere) {
            return Optional.empty(); // not Linux
        }
    }

    private static Finding openFiles(String limit) {
        String has = "the process may open " + limit + " files; each tunnel of a proxy takes one";
        return limit.equals("unlimited") || Long.parseLong(limit) >= ENOUGH_FILES
                ? Finding.ok("open files", has)
                : Finding.hint("open files", has + "; for a busy proxy: ulimit -n 65536");
    }

    private static List<Finding> transports(Http3Option http3) {
        List<Finding> findings = new ArrayList<>();
        for (TransportProvider provider : Http3Option.all()) {
            String speaks = provider.versions().stream()
                    .sorted()
                    .map(version -> version.alpn())
                    .collect(Collectors.joining(", "));
            String subject = "transport " + provider.name();
            findings.add(provider.unavailable()
                    .map(why -> Finding.hint(subject, "not used for " + speaks + ": " + why))
                    .orElseGet(() -> Finding.ok(subject, "speaks " + speaks)));
        }
        findings.add(http3.chosen()
                .map(name -> Finding.ok("http/3", "is carried by " + name))
                .orElseGet(() ->
                        Finding.hint("http/3", "there is no transport for it: only HTTP/1.1 and HTTP/2 are spoken")));
        return findings;
    }

    /** Whether a proxy could listen there, on TCP and on UDP. */
    static List<Finding> port(InetSocketAddress address) {
        List<Finding> findings = new ArrayList<>();
        String where = HostPort.format(address);
        try (ServerSocket tcp = new ServerSocket()) {
            tcp.bind(address);
            findings.add(Finding.ok("tcp port", where + " is free"));
        } catch (IOException e) {
            findings.add(taken("tcp port", where, e));
        }
        try (DatagramSocket udp = new DatagramSocket(address)) {
            findings.add(Finding.ok("udp port", where + " is free"));
        } catch (IOException e) {
            findings.add(taken("udp port", where, e));
        }
        return findings;
    }

    private static Finding taken(String subject, String where, IOException e) {
        return Finding.bad(
                subject,
                where + " cannot be listened on (" + e.getMessage()
                        + "): another program has it, the address is not this machine's, or it is below 1024 and you are not root");
    }
}
