package dev.masque.cli;

import dev.masque.privacypass.attest.Quota;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How many tokens a client gets, on the command line: NUMBER/TIME. */
final class QuotaArgument implements ITypeConverter<Quota> {
    @Override
    public Quota convert(String text) {
        int slash = text.indexOf('/');
        try {
            if (slash > 0) {
                return Quota.of(
                        Integer.parseInt(text.substring(0, slash)), DurationArgument.parse(text.substring(slash + 1)));
            }
        } catch (IllegalArgumentException | TypeConversionException e) {
            // said below
        }
        throw new TypeConversionException("'" + text + "' is no quota: NUMBER/TIME, as 100/1h");
    }
}
