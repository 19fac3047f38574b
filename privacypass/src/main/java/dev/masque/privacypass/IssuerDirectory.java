package dev.masque.privacypass;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an issuer says of itself: where requests go, and its keys. RFC 9578, 4.
 *
 * @param requestUri where requests go, perhaps relative to where the directory is
 * @param keys the keys, those to come among them, the preferred one first
 */
public record IssuerDirectory(URI requestUri, List<Entry> keys) {
    /** Where the directory of an issuer is, on the host that is its name. */
    public static final String PATH = "/.well-known/private-token-issuer-directory";

    /** The media type of directories. */
    public static final String MEDIA_TYPE = "application/private-token-issuer-directory";

    private static final int MOST_KEYS = 1000;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(20)
                    .maxStringLength(1 << 16)
                    .maxNumberLength(30)
                    .build())
            .build();

    /**
     * A key of a directory.
     *
     * @param key the key; its type may be unknown
     * @param notBefore from when it can be asked for; empty if from now
     */
    public record Entry(TokenKey key, Optional<Instant> notBefore) {}

    /** Copies the list. */
    public IssuerDirectory {
        keys = List.copyOf(keys);
    }

    /**
     * The directory of keys as they are now.
     *
     * @param requestUri where requests go
     * @param keys the keys
     * @return the directory
     */
    public static IssuerDirectory of(URI requestUri, IssuerKeys keys) {
        return new IssuerDirectory(
                requestUri,
                keys.list().stream()
                        .map(key -> new Entry(key.tokenKey(), Optional.of(key.notBefore())))
                        .toList());
    }

    /**
     * The key to ask for. RFC 9578, 4: the first whose time has come.
     *
     * @param type the type of token
     * @param now the time
     * @return the key; empty if there is none of the type
     */
    public Optional<TokenKey> current(TokenType type, Instant now) {
        return keys.stream()
                .filter(entry -> entry.key().type().equals(type))
                .filter(entry ->
                        entry.notBefore().map(time -> !time.isAfter(now)).orElse(true))
                .map(Entry::key)
                .findFirst();
    }

    /**
     * The directory as JSON.
     *
     * @return UTF-8
     */
    public Bytes format() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("issuer-request-uri", requestUri.toString());
            json.writeArrayFieldStart("token-keys");
            for (Entry entry : keys) {
                json.writeStartObject();
                json.writeNumberField("token-type", entry.key().type().value());
                json.writeStringField("token-key", Base64Url.encode(entry.key().encoded()));
                if (entry.notBefore().isPresent()) {
                    json.writeNumberField("not-before", entry.notBefore().get().getEpochSecond());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory", e);
        }
        return Bytes.copyOf(out.toByteArray());
    }

    /**
     * Reads a directory. What it does not know is passed over.
     *
     * @param json UTF-8
     * @return the directory
     * @throws MalformedException if it is not JSON, or not a directory
     */
    public static IssuerDirectory parse(Bytes json) throws MalformedException {
        try (JsonParser parser = JSON.createParser(json.toArray())) {
            return parse(parser);
        } catch (IOException | URISyntaxException | IllegalArgumentException e) {
            throw new MalformedException("not a directory of an issuer");
        }
    }

    private static IssuerDirectory parse(JsonParser json) throws IOException, URISyntaxException, MalformedException {
        @Nullable URI uri = null;
        List<Entry> keys = new ArrayList<>();
        require(json.nextToken() == JsonToken.START_OBJECT);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if ("issuer-request-uri".equals(name)) {
                require(value == JsonToken.VALUE_STRING);
                uri = new URI(json.getText());
            } else if ("token-keys".equals(name)) {
                require(value == JsonToken.START_ARRAY);
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    require(keys.size() < MOST_KEYS);
                    keys.add(entry(json));
                }
            } else {
                json.skipChildren();
            }
        }
        require(json.nextToken() == null);
        if (uri == null) {
            throw new MalformedException("a directory that does not say where requests go");
        }
        return new IssuerDirectory(uri, keys);
    }

    private static Entry entry(JsonParser json) throws IOException, MalformedException {
        @Nullable TokenType type = null;
        @Nullable Bytes key = null;
        Optional<Instant> notBefore = Optional.empty();
        require(json.currentToken() == JsonToken.START_OBJECT);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "token-type" -> type = new TokenType(json.getIntValue());
                case "token-key" -> {
                    require(value == JsonToken.VALUE_STRING);
                    key = Base64Url.decode(json.getText());
                }
                case "not-before" ->
                    notBefore = Optional.of(Instant.ofEpochSecond(Math.min(json.getLongValue(), 1L << 40)));
                default -> json.skipChildren();
            }
        }
        if (type == null || key == null) {
            throw new MalformedException("a key without a type or without the key");
        }
        return new Entry(new TokenKey(type, key), notBefore);
    }

    private static void require(boolean condition) throws MalformedException {
        if (!condition) {
            throw new MalformedException("not a directory of an issuer");
        }
    }
}
