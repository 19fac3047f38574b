package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BoundedDnsCacheTest {
    private static final DnsRecord[] NONE = {};
    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final BoundedDnsCache cache = new BoundedDnsCache(3, 60);

    @AfterEach
    void close() {
        loop.shutdownGracefully();
    }

    @Test
    void whatWasNotAskedForTheLongestGoesFirst() throws Exception {
        remember("a");
        remember("b");
        remember("c");
        cache.get("a", NONE);

        remember("d");

        assertThat(cache.size()).isEqualTo(3);
        assertThat(cache.get("a", NONE)).hasSize(1);
        assertThat(cache.get("b", NONE)).isNull();
        assertThat(cache.get("d", NONE)).hasSize(1);
    }

    @Test
    void severalAddressesOfANameAreOneName() throws Exception {
        remember("a");
        cache.cache("a", NONE, InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, 9}), 60, loop);

        assertThat(cache.size()).isOne();
        assertThat(cache.get("a", NONE)).hasSize(2);
    }

    @Test
    void whatMayNotBeKeptIsNot() throws Exception {
        cache.cache("nx", NONE, new UnknownHostException(), loop);
        cache.cache("now", NONE, InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, 1}), 0, loop);

        assertThat(cache.size()).isZero();
        assertThat(cache.get("nx", NONE)).isNull();
        assertThat(cache.get("now", NONE)).isNull();
    }

    @Test
    void clearingForgets() throws Exception {
        remember("a");
        remember("b");

        assertThat(cache.clear("a")).isTrue();
        cache.clear();

        assertThat(cache.size()).isZero();
        assertThat(cache.get("b", NONE)).isNull();
    }

    private void remember(String name) throws UnknownHostException {
        cache.cache(name, NONE, InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, 1}), 60, loop);
    }
}
