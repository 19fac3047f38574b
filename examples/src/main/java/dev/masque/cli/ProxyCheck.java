package dev.masque.cli;

import dev.masque.client.MasqueClient;
import dev.masque.client.TcpTunnel;
import dev.masque.client.TunnelException;
import dev.masque.client.TunnelStep;
import dev.masque.core.HttpVersion;
import dev.masque.core.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Whether a proxy can be reached, over each version of HTTP. Stateless. */
final class ProxyCheck {
    private static final Set<TunnelStep> BEFORE_HTTP =
            EnumSet.of(TunnelStep.RESOLVE_PROXY, TunnelStep.CONNECT_PROXY, TunnelStep.TLS);

    private ProxyCheck() {}

    /** Makes clients of the proxy that speak one version. */
    interface Clients {
        MasqueClient of(HttpVersion version) throws IOException;
    }

    static List<Finding> of(Clients clients, Target target) {
        List<Finding> findings = new ArrayList<>();
        Set<HttpVersion> reached = EnumSet.noneOf(HttpVersion.class);
        for (HttpVersion version : HttpVersion.values()) {
            findings.add(check(clients, version, target, reached));
        }
        if (!reached.isEmpty() && !reached.contains(HttpVersion.HTTP_3)) {
            findings.add(Finding.hint(
                    "udp",
                    "the proxy answers over TCP and not over UDP: a firewall drops UDP, or it does not speak HTTP/3;"
                            + " clients fall back by themselves"));
        }
        return findings;
    }

    private static Finding check(Clients clients, HttpVersion version, Target target, Set<HttpVersion> reached) {
        String subject = "proxy " + version.alpn();
        long start = System.nanoTime();
        try (MasqueClient masque = clients.of(version);
                TcpTunnel tunnel = masque.openTcp(target)) {
            reached.add(tunnel.version());
            return Finding.ok(subject, "a tunnel stands after " + (System.nanoTime() - start) / 1_000_000 + " ms");
        } catch (TunnelException e) {
            if (BEFORE_HTTP.contains(e.step())) {
                return Finding.bad(subject, "not reached: " + e.getMessage());
            }
            reached.add(version);
            return Finding.hint(subject, "reached, but there is no tunnel: " + e.getMessage());
        } catch (IOException | IllegalStateException e) {
            return Finding.bad(subject, String.valueOf(e.getMessage()));
        }
    }
}
