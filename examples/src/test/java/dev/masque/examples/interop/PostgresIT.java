package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.client.Forwarding;
import dev.masque.core.HttpVersion;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database through tunnels: its own client through a forwarded port, and its JDBC driver on a tunnel's socket. */
class PostgresIT extends Interop {
    private static final int ROWS = 10_000;

    private Postgres database;
    private OurProxy proxy;

    @SuppressWarnings("NullAway.Init") // start()
    PostgresIT() {}

    @BeforeAll
    void start() throws Exception {
        database = Postgres.start(authority);
        proxy = OurProxy.start(authority);
    }

    @AfterAll
    void stop() throws Exception {
        if (proxy != null) {
            proxy.close();
        }
        if (database != null) {
            database.close();
        }
    }

    private OurClient client(HttpVersion version) {
        return OurClient.of(proxy.address(), authority, version, OurProxy.KEY);
    }

    private String target() {
        return "127.0.0.1:" + database.port();
    }

    @ParameterizedTest
    @EnumSource(HttpVersion.class)
    void psqlThroughAForwardedPort(HttpVersion version) throws Exception {
        String psql = Peers.program("psql", "postgresql-client");
        try (OurClient client = client(version);
                Forwarding forwarding = client.forwardTcp(target())) {
            String url = "host=localhost hostaddr=127.0.0.1 port="
                    + forwarding.localAddress().getPort() + " user=" + Postgres.USER
                    + " dbname=postgres sslmode=verify-full sslrootcert=" + authority.authority();

            String sum = Peer.run(java.util.List.of(
                            psql,
                            url,
                            "-AtXc",
                            "select sum(n), ssl from generate_series(1, 1000000) n, pg_stat_ssl"
                                    + " where pid = pg_backend_pid() group by ssl"))
                    .ok()
                    .output()
                    .strip();

            assertThat(sum).isEqualTo("500000500000|t");
        }
    }

    private Connection connect(OurClient client, boolean tls) throws SQLException {
        TunnelSockets.register(target(), client);
        Properties properties = new Properties();
        properties.setProperty("user", Postgres.USER);
        properties.setProperty("socketFactory", TunnelSockets.class.getName());
        properties.setProperty("socketFactoryArg", target());
        properties.setProperty("sslmode", tls ? "verify-full" : "disable");
        properties.setProperty("sslrootcert", authority.authority());
        properties.setProperty("socketTimeout", "60");
        return DriverManager.getConnection("jdbc:postgresql://localhost:" + database.port() + "/postgres", properties);
    }

    @ParameterizedTest
    @EnumSource(HttpVersion.class)
    void theDriverOnATunnelsSocket(HttpVersion version) throws Exception {
        try (OurClient client = client(version);
                Connection connection = connect(client, version != HttpVersion.HTTP_1_1);
                Statement statement = connection.createStatement()) {
            statement.execute("create temporary table numbers (n int primary key, words text)");
            try (PreparedStatement insert = connection.prepareStatement("insert into numbers values (?, ?)")) {
                for (int i = 0; i < ROWS; i++) {
                    insert.setInt(1, i);
                    insert.setString(2, "number ".repeat(i % 50) + i);
                    insert.addBatch();
                }
                assertThat(insert.executeBatch()).hasSize(ROWS);
            }
            try (ResultSet rows = statement.executeQuery("select n, words from numbers order by n")) {
                for (int i = 0; i < ROWS; i++) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getString(2)).isEqualTo("number ".repeat(i % 50) + i);
                }
                assertThat(rows.next()).isFalse();
            }
        }
    }

    /** The driver opens a connection of its own for that. */
    @ParameterizedTest
    @EnumSource(HttpVersion.class)
    void aStatementThatRunsIsCancelled(HttpVersion version) throws Exception {
        try (OurClient client = client(version);
                Connection connection = connect(client, false);
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);

            assertThatThrownBy(() -> statement.execute("select pg_sleep(100)"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("canceling statement");
            assertThat(connection.isValid(10)).isTrue();
        }
    }
}
