package dev.masque.cli;

import dev.masque.ohttp.client.OhttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code masque ohttp get}. */
@Command(
        name = "get",
        description = "Asks a target through relay and gateway, and writes the answer to standard output.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "A failure says whose it is: the relay's, the gateway's or the target's. What no -H names is not sent: no user agent,",
            "no cookies.",
            "",
            "Example:",
            "  masque ohttp get --relay https://localhost:8445/relay --keys https://localhost:8444/ohttp-keys \\",
            "      --ca both.pem -H 'Accept: application/json' https://app.example/status"
        })
final class OhttpGetCommand implements Callable<Integer> {
    private static final int PIECE = 16 << 10;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Option(names = "--relay", required = true, paramLabel = "URL", description = "The relay.")
    @SuppressWarnings("NullAway.Init") // picocli
    private URI relay;

    @Option(
            names = "--keys",
            required = true,
            paramLabel = "URL",
            description = "Where the gateway's keys are; without a path /.well-known/ohttp-gateway.")
    @SuppressWarnings("NullAway.Init") // picocli
    private URI keys;

    @Nullable @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "Trust relay and keys by these authorities, PEM, instead of the system's.")
    private Path authority;

    @Option(names = "-H", paramLabel = "NAME:VALUE", description = "A field to send; may be repeated.")
    private List<String> fields = List.of();

    @Nullable @Option(
            names = "-d",
            paramLabel = "DATA",
            description = "Content to send with POST; @FILE is that of a file, @- standard input.")
    private String data;

    @Nullable @Option(names = "-X", paramLabel = "METHOD", description = "Another method than GET or POST.")
    private String method;

    @Option(names = "-i", description = "Writes status and fields too.")
    private boolean head;

    @Option(names = "--chunked", description = "Sends and takes content as it comes, in chunks.")
    private boolean chunked;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait for an answer (default: ${DEFAULT-VALUE}).")
    private int seconds = 30;

    @Parameters(paramLabel = "TARGET-URL", description = "What to ask for.")
    @SuppressWarnings("NullAway.Init") // picocli
    private URI target;

    @Override
    public Integer call() throws IOException, InterruptedException {
        HttpClient http = JdkClient.trusting(authority);
        try {
            HttpResponse<InputStream> response = answer(http);
            write(response, System.out);
            return OhttpFailure.of(response).map(this::say).orElse(0);
        } catch (IOException e) {
            throw OhttpFailure.of(e);
        }
    }

    private HttpResponse<InputStream> answer(HttpClient http) throws IOException, InterruptedException {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(target);
            OhttpClient.Builder client = OhttpClient.builder()
                    .httpClient(http)
                    .relay(relay)
                    .keys(keys)
                    .chunked(chunked)
                    .timeout(Duration.ofSeconds(seconds));
            for (String field : fields) {
                int colon = field.indexOf(':');
                if (colon < 1) {
                    throw new IllegalArgumentException("-H takes NAME:VALUE");
                }
                request.header(
                        field.substring(0, colon), field.substring(colon + 1).strip());
                client.keep(field.substring(0, colon)); // whoever names it wants it sent
            }
            String verb = method != null ? method : data == null ? "GET" : "POST";
            return client.build().send(request.method(verb, content()).build(), BodyHandlers.ofInputStream());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private BodyPublisher content() throws IOException {
        if (data == null) {
            return BodyPublishers.noBody();
        }
        if (data.equals("@-")) {
            return BodyPublishers.ofInputStream(() -> System.in);
        }
        return data.startsWith("@") ? BodyPublishers.ofFile(Path.of(data.substring(1))) : BodyPublishers.ofString(data);
    }

    private void write(HttpResponse<InputStream> response, PrintStream out) throws IOException {
        if (head) {
            StringBuilder text = new StringBuilder("status: " + response.statusCode() + "\n");
            response.headers()
                    .map()
                    .forEach((name, values) -> values.forEach(value ->
                            text.append(name).append(": ").append(value).append('\n')));
            out.print(text.append('\n'));
        }
        byte[] piece = new byte[PIECE];
        try (InputStream body = response.body()) {
            for (int length = body.read(piece); length >= 0; length = body.read(piece)) {
                out.write(piece, 0, length);
                out.flush();
            }
        }
    }

    private int say(String failure) {
        spec.commandLine().getErr().println(spec.qualifiedName() + ": " + failure);
        return 1;
    }
}
