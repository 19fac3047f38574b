package dev.masque.privacypass.redis;

import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.SpentTokens;
import dev.masque.privacypass.SpentTokensUnavailableException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;

/**
 * Spent tokens in Redis, shared by all origins that use the same one: a token is good once among them all. Marked with one
 * command ({@code SET NX PX}), forgotten when its key has expired. While Redis cannot be reached or refuses to write, no token
 * is taken. Thread-safe; a call waits for Redis, no longer than three times the timeout.
 *
 * <pre>{@code
 * SpentTokens spent = RedisSpentTokens.builder(URI.create("redis://redis.example")).build();
 * }</pre>
 *
 * <p>Redis must not evict keys ({@code maxmemory-policy noeviction}), and forgets what it has not yet written when it crashes:
 * {@code appendonly yes} with {@code appendfsync always} loses nothing.
 */
public final class RedisSpentTokens implements SpentTokens, AutoCloseable {
    private static final byte[] NOTHING = new byte[0];
    private static final long LONGEST_SECONDS = Duration.ofDays(3650).toSeconds();

    private final RedisClient redis;
    private final byte[] prefix;
    private final Clock clock;

    private RedisSpentTokens(RedisClient redis, byte[] prefix, Clock clock) {
        this.redis = redis;
        this.prefix = prefix;
        this.clock = clock;
    }

    /**
     * A memory to be set up.
     *
     * @param server {@code redis://HOST[:PORT][/DATABASE]}, or {@code rediss:} for TLS, perhaps with {@code USER@},
     *     {@code USER:PASSWORD@} or {@code :PASSWORD@} in front of the host
     * @return a new builder
     * @throws IllegalArgumentException if it is something else
     */
    public static Builder builder(URI server) {
        return new Builder(server);
    }

    @Override
    public boolean spend(Bytes keyId, Bytes nonce, Instant until) throws SpentTokensUnavailableException {
        byte[] key = ByteBuffer.allocate(prefix.length + keyId.size() + nonce.size())
                .put(prefix)
                .put(keyId.asBuffer())
                .put(nonce.asBuffer())
                .array();
        try {
            return redis.set(key, NOTHING, SetParams.setParams().nx().px(millis(until))) != null;
        } catch (JedisConnectionException e) {
            redis.getPool().clear(); // the others that wait there are of the same server
            throw new SpentTokensUnavailableException("the store of spent tokens cannot be reached", e);
        } catch (JedisException e) {
            throw new SpentTokensUnavailableException("the store of spent tokens does not take them", e);
        }
    }

    /** Rounded up: a token that is remembered for too long does no harm. */
    private long millis(Instant until) {
        long seconds = until.getEpochSecond() - clock.instant().getEpochSecond() + 1;
        return Math.max(1, Math.min(seconds, LONGEST_SECONDS)) * 1000;
    }

    /** Closes the connections; what Redis remembers stays. */
    @Override
    public void close() {
        redis.close();
    }

    /** Sets up a memory. For one thread. */
    public static final class Builder {
        private final HostAndPort address;
        private final boolean tls;
        private final int database;
        private @Nullable String user;
        private @Nullable String password;
        private @Nullable SSLSocketFactory sockets;
        private Duration timeout = Duration.ofSeconds(1);
        private int connections = 16;
        private String prefix = "masque:spent:";
        private Clock clock = Clock.systemUTC();

        private Builder(URI server) {
            String scheme = String.valueOf(server.getScheme());
            if (server.getHost() == null || !scheme.equals("redis") && !scheme.equals("rediss")) {
                throw new IllegalArgumentException("not redis://HOST[:PORT]");
            }
            this.tls = scheme.equals("rediss");
            this.address = new HostAndPort(server.getHost(), server.getPort() < 0 ? 6379 : server.getPort());
            this.database = database(server.getPath());
            String info = server.getUserInfo();
            if (info != null) {
                int colon = info.indexOf(':');
                this.user = colon == 0 ? null : info.substring(0, colon < 0 ? info.length() : colon);
                this.password = colon < 0 ? null : info.substring(colon + 1);
            }
        }

        private static int database(@Nullable String path) {
            if (path == null || path.isEmpty() || path.equals("/")) {
                return 0;
            }
            if (!path.matches("/[0-9]{1,5}")) {
                throw new IllegalArgumentException("not the number of a database: " + path);
            }
            return Integer.parseInt(path.substring(1));
        }

        /**
         * What to show to Redis, instead of what the address says.
         *
         * @param secret the password of the user of the address, or of the default user
         * @return this builder
         */
        public Builder password(String secret) {
            this.password = secret;
            return this;
        }

        /**
         * Whom to trust with {@code rediss:}.
         *
         * @param factory makes the sockets; those of the JVM by default. The name of the server is checked in any case
         * @return this builder
         */
        public Builder sockets(SSLSocketFactory factory) {
            this.sockets = factory;
            return this;
        }

        /**
         * How long to wait at most for a free connection, for a new one, and for an answer, each.
         *
         * @param most at least a millisecond; a second by default
         * @return this builder
         * @throws IllegalArgumentException if it is less, or more than a day
         */
        public Builder timeout(Duration most) {
            if (most.toMillis() < 1 || most.toDays() > 0) {
                throw new IllegalArgumentException("timeout " + most);
            }
            this.timeout = most;
            return this;
        }

        /**
         * How many connections to have at most.
         *
         * @param most at least 1; 16 by default
         * @return this builder
         * @throws IllegalArgumentException if it is less
         */
        public Builder connections(int most) {
            if (most < 1) {
                throw new IllegalArgumentException("connections " + most);
            }
            this.connections = most;
            return this;
        }

        /**
         * What the names of keys begin with. Origins that take the same tokens have the same.
         *
         * @param start the beginning; {@code masque:spent:} by default
         * @return this builder
         */
        public Builder prefix(String start) {
            this.prefix = start;
            return this;
        }

        /**
         * The clock.
         *
         * @param time what tells the time; the system's by default
         * @return this builder
         */
        public Builder clock(Clock time) {
            this.clock = time;
            return this;
        }

        /**
         * The memory. Connections are made when they are needed.
         *
         * @return a new one, to be closed
         */
        public RedisSpentTokens build() {
            DefaultJedisClientConfig.Builder client = DefaultJedisClientConfig.builder()
                    .connectionTimeoutMillis((int) timeout.toMillis())
                    .socketTimeoutMillis((int) timeout.toMillis())
                    .user(user)
                    .password(password)
                    .database(database)
                    .ssl(tls);
            if (tls) {
                SSLParameters named = new SSLParameters();
                named.setEndpointIdentificationAlgorithm("HTTPS"); // else any trusted certificate would do
                client.sslParameters(named);
            }
            if (sockets != null) {
                client.sslSocketFactory(sockets);
            }
            GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
            pool.setMaxTotal(connections);
            pool.setMaxIdle(connections);
            pool.setMaxWait(timeout);
            pool.setJmxEnabled(false);
            RedisClient redis = RedisClient.builder()
                    .hostAndPort(address)
                    .clientConfig(client.build())
                    .poolConfig(pool)
                    .build();
            return new RedisSpentTokens(redis, prefix.getBytes(StandardCharsets.UTF_8), clock);
        }
    }
}
