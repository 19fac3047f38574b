package dev.masque.privacypass.blindrsa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.masque.privacypass.IssuerKeys;
import dev.masque.privacypass.PendingToken;
import dev.masque.privacypass.Token;
import dev.masque.privacypass.TokenChallenge;
import dev.masque.privacypass.TokenClient;
import dev.masque.privacypass.TokenIssuer;
import dev.masque.privacypass.TokenKey;
import dev.masque.privacypass.TokenType;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.Security;
import java.security.SignatureException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Private operations by Conscrypt (BoringSSL), by the JDK's own provider, and by one that makes mistakes. */
@Timeout(60)
class RsaProviderTest {
    private static final BlindRsaPrivateKey KEY = BlindRsaPrivateKey.generate();

    private static Provider provider(String name) {
        return name.equals("Conscrypt") ? Conscrypt.newProvider() : Security.getProvider(name);
    }

    private static byte[] operand(int seed) {
        byte[] operand = new byte[256];
        new Random(seed).nextBytes(operand);
        operand[0] &= 0x3f;
        return operand;
    }

    @ParameterizedTest
    @ValueSource(strings = {"Conscrypt", "SunJCE"})
    void aProviderSignsTheSame(String name) throws Exception {
        BlindRsaPrivateKey fast = KEY.using(provider(name));
        for (int i = 0; i < 50; i++) { // beyond the life of a blinding factor
            assertThat(fast.blindSign(operand(i))).isEqualTo(KEY.blindSign(operand(i)));
        }
        byte[] one = new byte[256];
        one[255] = 1;
        assertThat(fast.blindSign(one)).isEqualTo(one);
        assertThat(fast).isEqualTo(KEY).hasToString(KEY.toString());
        assertThat(fast.pkcs8()).isEqualTo(KEY.pkcs8());
        assertThatExceptionOfType(SignatureException.class).isThrownBy(() -> fast.blindSign(new byte[256]));
    }

    @Test
    void severalThreadsSignAtOnce() throws Exception {
        BlindRsaPrivateKey fast = KEY.using(Conscrypt.newProvider());
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Callable<byte[]>> tasks = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            int seed = i;
            tasks.add(() -> fast.blindSign(operand(seed)));
        }
        List<Future<byte[]>> signed = threads.invokeAll(tasks);
        for (int i = 0; i < signed.size(); i++) {
            assertThat(signed.get(i).get(10, TimeUnit.SECONDS)).isEqualTo(KEY.blindSign(operand(i)));
        }
        threads.shutdownNow();
    }

    @Test
    void anIssuerSignsWithIt() throws Exception {
        try (IssuerKeys keys = IssuerKeys.builder()
                .types(TokenType.BLIND_RSA, TokenType.VOPRF_RISTRETTO255)
                .rsaProvider(Conscrypt.newProvider())
                .open()) {
            TokenIssuer issuer = TokenIssuer.of(keys);
            TokenKey key = keys.current(TokenType.BLIND_RSA).orElseThrow();
            PendingToken pending = TokenClient.request(TokenChallenge.of(TokenType.BLIND_RSA, "issuer.example"), key);
            Token token = pending.finish(issuer.issue(pending.request()));
            assertThat(keys.find(TokenType.BLIND_RSA, key.id()).orElseThrow().verify(token))
                    .isTrue();
        }
    }

    @Test
    void aProviderWithoutRsaIsRefused() {
        Provider none = Security.getProvider("SUN");
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> KEY.using(none))
                .withMessageContaining("SUN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IssuerKeys.builder()
                        .types(TokenType.BLIND_RSA)
                        .rsaProvider(none)
                        .open())
                .withMessageContaining("SUN");
    }

    @Test
    void aWrongResultIsNotGivenOut() throws Exception {
        Faulty.wrong = true;
        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> KEY.using(new FaultyProvider()));
        Faulty.wrong = false;
        BlindRsaPrivateKey faulty = KEY.using(new FaultyProvider());
        assertThat(faulty.blindSign(operand(1))).isEqualTo(KEY.blindSign(operand(1)));
        Faulty.wrong = true;
        assertThatExceptionOfType(ProviderException.class).isThrownBy(() -> faulty.blindSign(operand(1)));
    }

    @Test
    void theProviderSeesNoOperandTwice() throws Exception {
        Faulty.wrong = false;
        BlindRsaPrivateKey watched = KEY.using(new FaultyProvider());
        Faulty.SEEN.clear();
        watched.blindSign(operand(7));
        watched.blindSign(operand(7));
        assertThat(Faulty.SEEN).hasSize(2).doesNotHaveDuplicates().noneMatch(seen -> Arrays.equals(seen, operand(7)));
    }

    private static final class FaultyProvider extends Provider {
        private static final long serialVersionUID = 1;

        FaultyProvider() {
            super("Faulty", "1", "makes mistakes");
            put("Cipher.RSA/ECB/NoPadding", Faulty.class.getName());
        }
    }

    /** The JDK's cipher with a bit changed in what it makes, if it is told so. */
    public static final class Faulty extends CipherSpi {
        static final List<byte[]> SEEN = new ArrayList<>();
        static volatile boolean wrong;

        private final Cipher right;

        public Faulty() throws Exception {
            right = Cipher.getInstance("RSA/ECB/NoPadding", "SunJCE");
        }

        @Override
        protected void engineInit(int mode, Key key, SecureRandom random) throws InvalidKeyException {
            right.init(mode, key);
        }

        @Override
        protected byte[] engineDoFinal(byte[] input, int offset, int length) {
            byte[] operand = Arrays.copyOfRange(input, offset, offset + length);
            SEEN.add(operand);
            try {
                byte[] result = right.doFinal(operand);
                result[100] ^= (byte) (wrong ? 4 : 0);
                return result;
            } catch (GeneralSecurityException e) {
                throw new ProviderException(e);
            }
        }

        @Override
        protected void engineSetMode(String mode) {}

        @Override
        protected void engineSetPadding(String padding) {}

        @Override
        protected int engineGetBlockSize() {
            return 0;
        }

        @Override
        protected int engineGetOutputSize(int length) {
            return 256;
        }

        @Override
        protected byte[] engineGetIV() {
            return new byte[0];
        }

        @Override
        protected AlgorithmParameters engineGetParameters() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void engineInit(int mode, Key key, AlgorithmParameterSpec spec, SecureRandom random) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void engineInit(int mode, Key key, AlgorithmParameters parameters, SecureRandom random) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected byte[] engineUpdate(byte[] input, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected int engineUpdate(byte[] input, int offset, int length, byte[] output, int at) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected int engineDoFinal(byte[] input, int offset, int length, byte[] output, int at) {
            throw new UnsupportedOperationException();
        }
    }
}
