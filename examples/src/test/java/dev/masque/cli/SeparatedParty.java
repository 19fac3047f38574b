package dev.masque.cli;

import dev.masque.core.Target;
import dev.masque.core.tls.Identities;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.server.access.AccessPolicy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A process of {@link SeparationIT}: proxy A, proxy B or the target. Says its port, runs until its input ends, and then writes
 * down what it has seen.
 */
final class SeparatedParty {
    private SeparatedParty() {}

    /** {@code target ADDRESS FILE}, or {@code ROLE ADDRESS FILE CERTIFICATES KEY NAME=ADDRESS [NEXT-HOP]}. */
    public static void main(String[] arguments) throws Exception {
        InetAddress address = InetAddress.getByName(arguments[1]);
        Path file = Path.of(arguments[2]);
        if (arguments[0].equals("target")) {
            try (RecordedTarget target = RecordedTarget.start(address)) {
                run(target.port(), target.evidence(), file);
            }
            return;
        }
        Path certificates = Path.of(arguments[3]);
        TlsIdentity identity = Identities.fromPem(certificates.resolve("cert.pem"), certificates.resolve("key.pem"))
                .get();
        String[] name = arguments[5].split("=", 2);
        AccessPolicy policy = arguments.length > 6
                ? AccessPolicy.nextHopsOnly(List.of(Target.parse(arguments[6])))
                : AccessPolicy.builder().allow(name[1] + "/32").build();
        RecordedProxy.Settings settings = new RecordedProxy.Settings(
                new InetSocketAddress(address, 0),
                address,
                identity,
                Map.of(SeparationIT.ACCOUNT + "-at-" + arguments[0], arguments[4]),
                policy,
                Map.of(name[0], InetAddress.getByName(name[1])));
        try (RecordedProxy proxy = RecordedProxy.start(arguments[0], settings, new Http3Option().transports())) {
            run(proxy.server().port(), proxy.evidence(), file);
        }
    }

    private static void run(int port, Evidence evidence, Path file) throws Exception {
        System.out.println(port);
        while (System.in.read() >= 0) {
            // until the end
        }
        evidence.write(file);
    }
}
