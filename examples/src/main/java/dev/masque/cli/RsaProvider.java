package dev.masque.cli;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import javax.crypto.Cipher;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A security provider for RSA on the command line: the name of one that this Java has, or the class of another.
 *
 * @param provider as it is; picocli would take a bare one for a map
 */
record RsaProvider(Provider provider) {
    private static final String RSA = "RSA/ECB/NoPadding";

    private static RsaProvider of(String text) {
        Provider installed = Security.getProvider(text);
        Provider provider = installed == null ? make(text) : installed;
        try {
            Cipher.getInstance(RSA, provider);
            return new RsaProvider(provider);
        } catch (GeneralSecurityException e) {
            throw new TypeConversionException("'" + text + "' has no " + RSA + ": another provider may");
        }
    }

    private static Provider make(String type) {
        try {
            return Class.forName(type)
                    .asSubclass(Provider.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
            throw new TypeConversionException(
                    "'" + type + "' is no security provider here: put its jar on the class path ("
                            + e.getClass().getSimpleName() + ")");
        }
    }

    /** Reads it. */
    static final class Argument implements ITypeConverter<RsaProvider> {
        @Override
        public RsaProvider convert(String text) {
            return of(text);
        }
    }
}
