package dev.masque.cli;

import dev.masque.client.MasqueClient;
import dev.masque.client.TcpTunnel;
import dev.masque.core.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code masque connect}. */
@Command(
        name = "connect",
        description = "Connects standard input and output to a target, over TCP through the proxy.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example, with ssh:",
            "  ssh -o ProxyCommand='masque connect --proxy https://proxy.example --psk-file my.key %%h:%%p' host.example"
        })
final class ConnectCommand implements Callable<Integer> {
    private static final int BUFFER = 64 << 10;

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "HOST:PORT", converter = TargetArgument.class, description = "The target.")
    @SuppressWarnings("NullAway.Init") // picocli
    private Target target;

    @Override
    public Integer call() throws IOException {
        try (MasqueClient masque = client.open();
                TcpTunnel tunnel = masque.openTcp(target)) {
            Thread upload = new Thread(() -> upload(System.in, tunnel), "masque-upload");
            upload.setDaemon(true); // a read of standard input cannot be interrupted
            upload.start();
            copy(tunnel.inputStream(), System.out);
        }
        return 0;
    }

    private static void upload(InputStream in, TcpTunnel tunnel) {
        try {
            copy(in, tunnel.outputStream());
            tunnel.shutdownOutput();
        } catch (IOException e) {
            tunnel.reset();
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            out.write(buffer, 0, length);
            out.flush();
        }
    }
}
