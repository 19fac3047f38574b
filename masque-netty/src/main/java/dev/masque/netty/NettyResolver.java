package dev.masque.netty;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.Resolver;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.HostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsNameResolverException;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.resolver.dns.DnsQueryLifecycleObserver;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stub resolver on Netty: asks the name servers for AAAA and A, each resolution from a port of its own, over TCP where an
 * answer is truncated. Names are taken as they are: no search domains.
 */
final class NettyResolver implements Resolver {
    private static final int CACHED_NAMES = 10_000;
    private static final int MAX_TTL_SECONDS = 3600;
    private static final int UDP_PAYLOAD = 1232; // larger answers may be fragmented on their way; they come over TCP
    private static final int ATTEMPTS = 2;
    private static final long CLOSE_SECONDS = 3;

    private final EventLoopGroup group;
    private final EventLoop loop;
    private final DnsNameResolver dns;

    /** What is being asked, by name; on the loop. Who asks for the same meanwhile waits for the same answer. */
    private final Map<String, Lookup> lookups = new HashMap<>();

    /**
     * A resolver that owns the group.
     *
     * @param group one loop of it is used
     * @param nameServers whom to ask, in this order; empty asks those of the system and looks into its hosts file
     * @param timeout for one query; each server is asked twice before the resolution times out
     */
    NettyResolver(EventLoopGroup group, List<InetSocketAddress> nameServers, Duration timeout) {
        this.group = group;
        this.loop = group.next();
        SocketKind kind = SocketKind.of(loop);
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder(loop)
                .datagramChannelFactory(kind::dnsUdp)
                .socketChannelFactory(kind::newTcp)
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .resolvedAddressTypes(ResolvedAddressTypes.IPV6_PREFERRED)
                .completeOncePreferredResolved(false)
                .queryTimeoutMillis(timeout.toMillis())
                .maxPayloadSize(UDP_PAYLOAD)
                .resolveCache(new BoundedDnsCache(CACHED_NAMES, MAX_TTL_SECONDS))
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                .dnsQueryLifecycleObserverFactory(this::observe)
                .searchDomains(List.of())
                .ndots(1)
                .decodeIdn(false);
        if (!nameServers.isEmpty()) {
            builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(nameServers))
                    .hostsFileEntriesResolver(NO_HOSTS);
        }
        dns = builder.build();
    }

    @SuppressWarnings("NullAway") // null is "not there" here
    private static final HostsFileEntriesResolver NO_HOSTS = (name, types) -> null;

    @Override
    public CompletionStage<List<InetAddress>> resolve(String name) {
        CompletableFuture<List<InetAddress>> result = new CompletableFuture<>();
        if (name.isEmpty()) { // which Netty takes for the loopback address
            return CompletableFuture.failedFuture(error(null, null));
        }
        try {
            loop.execute(() -> join(name.toLowerCase(Locale.ROOT), result));
        } catch (RejectedExecutionException closed) {
            result.completeExceptionally(
                    new NextHopException(ProxyErrorType.PROXY_INTERNAL_ERROR, "the resolver is closed", closed));
        }
        return result;
    }

    @Override
    public void close() {
        boolean waits = !loop.inEventLoop();
        try {
            loop.execute(dns::close);
        } catch (RejectedExecutionException closed) {
            return;
        }
        var terminated = group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
        if (waits) {
            terminated.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void join(String name, CompletableFuture<List<InetAddress>> result) {
        Lookup lookup = lookups.get(name);
        if (lookup == null) {
            lookup = new Lookup();
            lookups.put(name, lookup);
            resolve(name, ATTEMPTS, lookup);
        }
        lookup.result.whenComplete((addresses, failure) -> {
            if (failure == null) {
                result.complete(addresses);
            } else {
                result.completeExceptionally(failure);
            }
        });
    }

    private void resolve(String name, int attempts, Lookup lookup) {
        dns.resolveAll(name).addListener((Future<List<InetAddress>> answer) -> {
            Throwable cause = answer.cause();
            if (cause != null && isTimeout(cause) && attempts > 1) {
                resolve(name, attempts - 1, lookup);
                return;
            }
            lookups.remove(name);
            if (cause == null) {
                lookup.result.complete(sorted(answer.getNow()));
            } else if (isTimeout(cause)) {
                lookup.result.completeExceptionally(
                        new NextHopException(ProxyErrorType.DNS_TIMEOUT, "the name servers do not answer", cause));
            } else {
                lookup.result.completeExceptionally(error(rcode(cause, lookup), cause));
            }
        });
    }

    private DnsQueryLifecycleObserver observe(DnsQuestion question) {
        String name = question.name().toLowerCase(Locale.ROOT);
        return new RcodeObserver(lookups.get(name.endsWith(".") ? name.substring(0, name.length() - 1) : name));
    }

    private static List<InetAddress> sorted(List<InetAddress> addresses) {
        return addresses.stream()
                .distinct()
                .sorted(Comparator.comparing(address -> !(address instanceof Inet6Address)))
                .toList();
    }

    private static NextHopException error(@Nullable String rcode, @Nullable Throwable cause) {
        return new NextHopException(ProxyErrorType.DNS_ERROR, rcode, "the name does not resolve", cause);
    }

    private static boolean isTimeout(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DnsNameResolverTimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** The response code, NOERROR for a name that has no address; null if the name servers could not be asked. */
    @Nullable private static String rcode(Throwable failure, Lookup lookup) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DnsErrorCauseException answer) {
                return name(answer.getCode());
            }
            if (cause instanceof DnsNameResolverException || cause instanceof IllegalArgumentException) {
                return null;
            }
        }
        return name(lookup.rcode);
    }

    private static String name(DnsResponseCode code) {
        return code.toString().replaceFirst("\\(.*", "").toUpperCase(Locale.ROOT);
    }

    /** One resolution under way. */
    private static final class Lookup {
        private final CompletableFuture<List<InetAddress>> result = new CompletableFuture<>();
        private DnsResponseCode rcode = DnsResponseCode.NOERROR;
    }

    /**
     * Keeps the response code of an answer that is none, which Netty tells of only some.
     *
     * @param lookup where to; null for a question about an alias
     */
    private record RcodeObserver(@Nullable Lookup lookup) implements DnsQueryLifecycleObserver {
        @Override
        public DnsQueryLifecycleObserver queryNoAnswer(DnsResponseCode code) {
            if (lookup != null) {
                lookup.rcode = code;
            }
            return this;
        }

        @Override
        public DnsQueryLifecycleObserver queryRedirected(List<InetSocketAddress> nameServers) {
            return this;
        }

        @Override
        public DnsQueryLifecycleObserver queryCNAMEd(DnsQuestion question) {
            return this;
        }

        @Override
        public void queryWritten(InetSocketAddress server, ChannelFuture future) {}

        @Override
        public void queryCancelled(int queriesRemaining) {}

        @Override
        public void queryFailed(Throwable cause) {}

        @Override
        public void querySucceed() {}
    }
}
