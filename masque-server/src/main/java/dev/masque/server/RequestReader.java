package dev.masque.server;

import dev.masque.core.MalformedException;
import dev.masque.core.Target;
import dev.masque.core.UdpTemplate;
import dev.masque.core.spi.RequestHead;
import dev.masque.server.event.TunnelKind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The first step: what a request head asks for. Without state. */
final class RequestReader {
    private final UdpTemplate template;
    private final ProxyNames names;

    RequestReader(UdpTemplate template, ProxyNames names) {
        this.template = template;
        this.names = names;
    }

    /** Reads the head of a CONNECT, classic or extended. */
    TunnelRequest read(RequestHead head, @Nullable String serverName) throws RefusedException {
        refuseContent(head);
        if (head.isConnect()) {
            return new TunnelRequest(head, TunnelKind.TCP, connectTarget(head));
        }
        if (!RequestHead.CONNECT_UDP.equals(head.protocol())) {
            throw new RefusedException(Refusal.request(501, "protocol is not served")); // RFC 9220, 3
        }
        if (!"https".equals(head.scheme())) {
            throw new RefusedException(Refusal.malformed("scheme is not https"));
        }
        Target target = udpTarget(head); // a path that is none of ours is 404, whoever it was meant for
        names.check(String.valueOf(head.authority()), serverName);
        return new TunnelRequest(head, TunnelKind.UDP, target);
    }

    /** A message whose data is a tunnel has no content that these could describe: RFC 9110, 9.3.6; RFC 9297, 3.1. */
    private static void refuseContent(RequestHead head) throws RefusedException {
        String length = head.fields().first("content-length");
        boolean none = length == null || head.isConnect() && length.equals("0");
        boolean typed = head.usesCapsules() && head.fields().contains("content-type");
        if (!none || typed || head.fields().contains("transfer-encoding")) {
            throw new RefusedException(Refusal.malformed("a request for a tunnel has no content"));
        }
    }

    private static Target connectTarget(RequestHead head) throws RefusedException {
        try {
            return Target.parse(String.valueOf(head.authority()));
        } catch (MalformedException e) {
            throw new RefusedException(Refusal.malformed("target is malformed"));
        }
    }

    private Target udpTarget(RequestHead head) throws RefusedException {
        Optional<Target> target;
        try {
            target = template.match(String.valueOf(head.path()));
        } catch (MalformedException e) {
            throw new RefusedException(Refusal.malformed("target is malformed"));
        }
        return target.orElseThrow(() -> new RefusedException(Refusal.request(404, "no proxy at this path")));
    }
}
