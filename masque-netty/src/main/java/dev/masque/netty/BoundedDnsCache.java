package dev.masque.netty;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DefaultDnsCache;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Addresses by name until their TTL is over, of at most so many names: those not asked for the longest go first. Netty's own
 * cache knows the TTL, but clients who ask for many names would fill the memory. Failures are not kept. Thread-safe.
 */
final class BoundedDnsCache implements DnsCache {
    private static final DnsCache NOTHING = new DefaultDnsCache(0, 0, 0);

    private final DnsCache entries;
    private final LinkedHashMap<String, Boolean> names;

    BoundedDnsCache(int capacity, int maxTtlSeconds) {
        entries = new DefaultDnsCache(0, maxTtlSeconds, 0);
        names = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                boolean full = size() > capacity;
                if (full) {
                    entries.clear(eldest.getKey());
                }
                return full;
            }
        };
    }

    @Override
    public synchronized void clear() {
        names.clear();
        entries.clear();
    }

    @Override
    public synchronized boolean clear(String name) {
        names.remove(name);
        return entries.clear(name);
    }

    @Override
    @Nullable @SuppressWarnings("NullAway") // Netty has no nullness annotations: null is "not there" here
    public synchronized List<? extends DnsCacheEntry> get(String name, DnsRecord[] additionals) {
        List<? extends DnsCacheEntry> found = entries.get(name, additionals);
        if (found != null) {
            names.get(name); // used: moves to the end
        }
        return found;
    }

    @Override
    public synchronized DnsCacheEntry cache(
            String name, DnsRecord[] additionals, InetAddress address, long ttl, EventLoop loop) {
        if (ttl <= 0) {
            return NOTHING.cache(name, additionals, address, ttl, loop); // for this one resolution, RFC 1035, 3.2.1
        }
        names.put(name, true);
        return entries.cache(name, additionals, address, ttl, loop);
    }

    @Override
    public synchronized DnsCacheEntry cache(String name, DnsRecord[] additionals, Throwable cause, EventLoop loop) {
        return NOTHING.cache(name, additionals, cause, loop);
    }

    /** How many names are remembered, expired ones included. */
    synchronized int size() {
        return names.size();
    }
}
