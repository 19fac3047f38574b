package dev.masque.ohttp.bhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.ohttp.bhttp.BinaryHttpException.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, and what looks wrong but is not. */
class BinaryHttpRefusalsTest {
    private static final BinaryHttpLimits LIMITS = BinaryHttpLimits.DEFAULT;

    private static String text(String text) {
        return String.format("%02x", text.length())
                + Messages.hex(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static String control(String method, String scheme, String authority, String path) {
        return text(method) + text(scheme) + text(authority) + text(path);
    }

    private static final String GET = control("GET", "https", "a.example", "/");

    private static String known(String... namesAndValues) {
        StringBuilder lines = new StringBuilder();
        for (String text : namesAndValues) {
            lines.append(text(text));
        }
        return String.format("%02x", lines.length() / 2) + lines;
    }

    private static BinaryRequest request(String hex) throws BinaryHttpException {
        return BinaryRequest.decode(Messages.hex(hex), LIMITS);
    }

    private static void refused(Kind kind, String hex) {
        assertThatThrownBy(() -> request(hex))
                .isInstanceOfSatisfying(
                        BinaryHttpException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private static void refusedResponse(Kind kind, String hex) {
        assertThatThrownBy(() -> BinaryResponse.decode(Messages.hex(hex), LIMITS))
                .isInstanceOfSatisfying(
                        BinaryHttpException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @ParameterizedTest
    @CsvSource({
        "'', https, a, /",
        "'GE T', https, a, /",
        "'GET\r\nX: y', https, a, /",
        "G:T, https, a, /",
        "GET, '', a, /",
        "GET, 1http, a, /",
        "GET, 'ht tp', a, /",
        "GET, https, user@a, /",
        "GET, https, a/b, /",
        "GET, https, 'a b', /",
        "GET, https, 'a\r\nX: y', /",
        "GET, https, a?b, /",
        "GET, https, a#b, /",
        "GET, https, a\\b, /",
        "GET, https, \u00e9, /",
        "GET, https, a, ''",
        "GET, https, a, hello",
        "GET, https, a, *",
        "GET, https, a, '/ '",
        "GET, https, a, '/\r\n'",
        "GET, https, a, '/\u0000'",
        "GET, https, a, /#f",
        "GET, https, a, /\u00e9",
        "CONNECT, https, a:1, /",
        "CONNECT, '', '', ''",
    })
    void controlDataThatCouldBecomeAnotherRequestIsInvalid(
            String method, String scheme, String authority, String path) {
        refused(Kind.INVALID, "00" + control(method, scheme, authority, path) + "000000");
        assertThatThrownBy(() -> new RequestHead(method, scheme, authority, path, Fields.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, https, '', /",
        "OPTIONS, https, a, *",
        "CONNECT, '', 'a:443', ''",
        "get, HTTP, '[::1]:80', '/?a={|}'",
        "X, coap+tcp, a, ''"
    })
    void unusualControlDataIsValid(String method, String scheme, String authority, String path) throws Exception {
        assertThat(request("00" + control(method, scheme, authority, path)).head())
                .isEqualTo(new RequestHead(method, scheme, authority, path, Fields.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":method",
                ":path",
                ":status",
                ":protocol",
                "a b",
                "a:",
                "a\r",
                "a\n",
                "a\u0000",
                "\u00e9",
                "a/b",
                "a(b"
            })
    void aFieldNameWithAnotherCharacterIsInvalidAndSoAreAllPseudoFields(String name) {
        refused(Kind.INVALID, "00" + GET + known(name, "v"));
        refused(Kind.INVALID, "00" + GET + "0000" + known(name, "v"));
        refused(Kind.INVALID, "02" + GET + text(name) + text("v") + "00");
        refusedResponse(Kind.INVALID, "014067" + known(name, "v") + "40c8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb: c", "a\nb", "a\rb", "a\u0000b", " a", "a ", "\ta", "a\t", "a\u007f", "a\u0001b"})
    void aFieldValueWithAnotherCharacterIsInvalid(String value) {
        refused(Kind.INVALID, "00" + GET + known("n", value));
        refused(Kind.INVALID, "02" + GET + text("n") + text(value) + "00");
        assertThatThrownBy(() -> new Field("n", value)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fieldNamesComeInAnyCaseAndValuesInAnyCharset() throws Exception {
        Fields fields = request("00" + GET + known("X-Name", "caf\u00e9\tau lait", "empty", ""))
                .head()
                .fields();

        assertThat(fields).isEqualTo(Fields.of("x-name", "caf\u00e9\tau lait", "empty", ""));
        assertThat(fields.first("X-NAME")).hasValue("caf\u00e9\tau lait");
    }

    @Test
    void hostHasToSayWhatTheAuthoritySays() throws Exception {
        refused(Kind.INVALID, "00" + GET + known("host", "b.example"));
        refused(Kind.INVALID, "00" + control("GET", "https", "", "/") + known("host", "a", "host", "a"));
        refused(Kind.INVALID, "00" + control("GET", "https", "", "/") + known("host", "a@b"));
        assertThat(request("00" + GET + known("host", "A.example:443")).head().target())
                .isEqualTo("a.example");
        assertThat(request("00" + control("GET", "https", "", "/") + known("host", "b"))
                        .head()
                        .target())
                .isEqualTo("b");
    }

    @Test
    void connectionFieldsAreReadButNotWritten() throws Exception {
        BinaryRequest request =
                request("00" + GET + known("connection", "Close, x-hop", "x-hop", "1", "te", "trailers", "x", "2"));

        assertThat(request.head().fields().lines()).hasSize(4);
        assertThat(BinaryRequest.decode(request.encode(Framing.SHORTEST), LIMITS)
                        .head()
                        .fields())
                .isEqualTo(Fields.of("x", "2"));
    }

    @Test
    void aRequestsContentHasTheLengthThatItSays() throws Exception {
        refused(Kind.INVALID, "00" + GET + known("content-length", "2") + "0141");
        refused(Kind.INVALID, "00" + GET + known("content-length", "1"));
        refused(Kind.INVALID, "02" + GET + text("content-length") + text("1") + "00" + "0141" + "0141" + "00");
        refused(Kind.INVALID, "00" + GET + known("content-length", "1", "content-length", "1") + "0141");
        refused(Kind.INVALID, "00" + GET + known("content-length", "+1") + "0141");
        assertThat(request("00" + GET + known("content-length", "1") + "0141")
                        .content()
                        .get())
                .isEqualTo((byte) 'A');
        assertThat(BinaryResponse.decode(Messages.hex("0140c8" + known("content-length", "99")), LIMITS)
                        .head()
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"04", "05", "3f", "01", "03", "4004", "ffffffffffffffff"})
    void anotherFramingIndicatorIsInvalid(String indicator) {
        refused(Kind.INVALID, indicator + GET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "4063", "4258", "7fff", "ffffffffffffffff"})
    void aStatusOutsideOf100To599IsInvalid(String status) {
        refusedResponse(Kind.INVALID, "01" + status + "000000");
    }

    @Test
    void integersMayBeLongerThanTheyNeed() throws Exception {
        String hex = "4000" + "4003474554" + "80000005" + "6874747073" + "c000000000000001" + "61" + "012f" + "4004"
                + "400161" + "8000000162" + "4000";
        assertThatThrownBy(() -> request(hex))
                .isInstanceOf(BinaryHttpException.class); // the section is longer than it says
        assertThat(request(hex.replace("4004" + "400161", "4008" + "400161"))
                        .head()
                        .fields())
                .isEqualTo(Fields.of("a", "b"));
    }

    @Test
    void aFieldSectionEndsWithALine() {
        refused(Kind.INVALID, "00" + GET + "03" + "0161" + "0162");
        refused(Kind.INVALID, "00" + GET + "01" + "01");
        refused(Kind.INVALID, "00" + GET + "01" + "40" + "000000");
        refused(Kind.INVALID, "00" + GET + "05" + "0161" + "0162" + "00" + "0000");
        refused(Kind.INVALID, "00" + GET + "04" + "0161" + "3f62");
    }

    @Test
    void onlyEmptyPartsMayBeMissing() throws Exception {
        for (String whole : new String[] {"", "00", "0000", "000000", "0000000000"}) {
            assertThat(request("00" + GET + whole).content().hasRemaining()).isFalse();
            assertThat(request("02" + GET + whole).content().hasRemaining()).isFalse();
        }
        assertThat(request("00" + GET + "00" + "0141").content().remaining()).isEqualTo(1);
        assertThat(request("02" + GET + "00" + "0141" + "00").content().remaining())
                .isEqualTo(1);
        for (String cut :
                new String[] {"40", "0201", "00" + "40", "00" + "0241", "00" + "00" + "40", "00" + "00" + "0401"}) {
            refused(Kind.TRUNCATED, "00" + GET + cut);
        }
        for (String cut :
                new String[] {"0161", "01610162", "00" + "0141", "00" + "0141" + "0141", "00" + "00" + "01610162"}) {
            refused(Kind.TRUNCATED, "02" + GET + cut);
        }
        refused(Kind.TRUNCATED, "");
        refused(Kind.TRUNCATED, "00" + GET.substring(2));
        refusedResponse(Kind.TRUNCATED, "01");
        refusedResponse(Kind.TRUNCATED, "0140");
        refusedResponse(Kind.TRUNCATED, "014067"); // nothing final
        refusedResponse(Kind.TRUNCATED, "01406700");
    }

    @Test
    void paddingIsZeros() {
        refused(Kind.INVALID, "00" + GET + "000000" + "000001");
        refused(Kind.INVALID, "02" + GET + "000000" + "000001");
    }

    @Test
    void whatIsOverALimitIsRefusedBeforeItArrives() {
        refused(Kind.TOO_LARGE, "00" + "bfffffff");
        refused(Kind.TOO_LARGE, "00" + GET + "bfffffff");
        refused(Kind.TOO_LARGE, "00" + GET + "00" + "bfffffff");
        refused(Kind.TOO_LARGE, "00" + GET + "00" + "00" + "ffffffffffffffff");
        refused(Kind.TOO_LARGE, "02" + GET + "bfffffff");
        refused(Kind.TOO_LARGE, "02" + GET + "0161" + "ffffffffffffffff");
        refused(Kind.TOO_LARGE, "02" + GET + "00" + "0141" + "ffffffffffffffff");
        refused(Kind.TOO_LARGE, "02" + GET + "01610162".repeat(257));
        refused(
                Kind.TOO_LARGE,
                "02" + GET + (text("a") + text("b".repeat(63))).repeat(255)
                        + text("c".repeat(63)).repeat(1200));
        refusedResponse(Kind.TOO_LARGE, "01" + "406700".repeat(17) + "40c8");
    }

    @Test
    void contentIsNotKept() throws Exception {
        AtomicLong seen = new AtomicLong();
        BinaryDecoder decoder = BinaryDecoder.ofResponse(
                new MessageSink<>() {
                    @Override
                    public void head(ResponseHead head) {}

                    @Override
                    public void content(ByteBuffer piece) {
                        assertThat(piece.isReadOnly()).isTrue();
                        seen.addAndGet(piece.remaining());
                    }

                    @Override
                    public void end(Fields trailers) {
                        seen.incrementAndGet();
                    }
                },
                LIMITS.withContent(Long.MAX_VALUE));
        long length = 4L << 30;
        ByteBuffer piece = ByteBuffer.allocate(1 << 20);
        BinaryEncoder encoder = BinaryEncoder.knownLength(length);
        decoder.decode(encoder.head(new ResponseHead(200, Fields.empty())));

        for (long sent = 0; sent < length; sent += piece.capacity()) {
            decoder.decode(piece.clear());
        }
        decoder.end();

        assertThat(seen).hasValue(length + 1);
    }

    @Test
    void anAnnouncedLengthTakesNoMemory() throws Exception {
        BinaryHttpLimits wide = new BinaryHttpLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, 10, 0, 0);
        ByteBuffer[] starts = {Messages.hex("00bfffff0041"), Messages.hex("02" + GET + "bfffff0041")};
        for (int i = 0; i < 4000; i++) { // 4 TiB if it did
            BinaryDecoder.ofRequest(new Heard<>(), wide).decode(starts[i % 2].duplicate());
        }
    }

    @Test
    void afterAnErrorOrTheEndNothingIsRead() throws Exception {
        Heard<RequestHead> heard = new Heard<>();
        BinaryDecoder failed = BinaryDecoder.ofRequest(heard, LIMITS);
        assertThatThrownBy(() -> failed.decode(Messages.hex("04"))).isInstanceOf(BinaryHttpException.class);
        assertThatThrownBy(() -> failed.decode(Messages.hex("00"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(failed::end).isInstanceOf(IllegalStateException.class);
        assertThat(heard.parts).isEmpty();
    }

    @Test
    void anEncoderRefusesPartsOutOfOrder() {
        ResponseHead ok = new ResponseHead(200, Fields.empty());
        BinaryEncoder known = BinaryEncoder.knownLength(2);
        assertThatThrownBy(() -> known.content(ByteBuffer.allocate(1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> known.informational(ok)).isInstanceOf(IllegalArgumentException.class);
        known.head(ok);
        assertThatThrownBy(() -> known.head(ok)).isInstanceOf(IllegalStateException.class);
        known.content(ByteBuffer.allocate(1));
        assertThatThrownBy(() -> known.end(Fields.empty())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> known.content(ByteBuffer.allocate(2))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatAMessageHoldsStaysOutOfItsText() throws Exception {
        BinaryRequest request = request("00" + control("GET", "https", "secret.example", "/secret")
                + known("x-a", "secret") + "06" + "736563726574");

        assertThat(request.toString()).doesNotContain("secret").contains("GET", "x-a");
    }
}
