package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client on quic-go, a process for each tunnel. */
final class QuicGoTestedClient implements TestedClient {
    private static final Pattern ECHOED = Pattern.compile("echoed (\\d+)");

    private final int port;
    private final TestAuthority authority;

    QuicGoTestedClient(int port, TestAuthority authority) {
        this.port = port;
        this.authority = authority;
    }

    private List<String> command(String mode, String target, String... options) {
        List<String> arguments = new ArrayList<>(List.of(mode, "-proxy", "localhost:" + port));
        arguments.addAll(List.of("-ca", authority.authority(), "-psk", OurProxy.KEY));
        arguments.addAll(List.of(options));
        arguments.add(target);
        return Peers.quicGo(arguments.toArray(String[]::new));
    }

    @Override
    public byte[] echo(String target, byte[] bytes, Runnable amid) {
        return Peer.run(command("connect", target), "status 200", amid, bytes)
                .ok()
                .bytes();
    }

    @Override
    public int datagrams(String target, int count, int size) {
        String output = Peer.run(command(
                        "udp", target, "-count", "" + count, "-size", "" + size, "-burst", "32", "-wait", "300ms"))
                .ok()
                .output();
        Matcher echoed = ECHOED.matcher(output);
        assertThat(echoed.find()).as(output).isTrue();
        return Integer.parseInt(echoed.group(1));
    }

    @Override
    public void reset(String target, Runnable afterwards) {
        Peer.run(command("reset", target), "was reset", afterwards, new byte[0]).ok();
    }

    @Override
    public boolean isReset(String target) {
        Peer.Result result = Peer.run(command("connect", target), new byte[1]);
        return result.status() == 1 && result.errors().contains("H3_CONNECT_ERROR");
    }

    @Override
    public void close() {}
}
