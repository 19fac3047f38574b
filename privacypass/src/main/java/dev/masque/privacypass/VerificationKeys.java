package dev.masque.privacypass;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The keys of one issuer that an origin takes tokens of, as they are now: they come and go while it runs. Called by many
 * threads at once, for every token; does not block.
 */
public interface VerificationKeys {
    /**
     * The key with an id.
     *
     * @param type the type of token
     * @param id the id that a token carries
     * @return the key; empty if there is none of this type and id, or no more
     */
    Optional<VerificationKey> find(TokenType type, Bytes id);

    /**
     * The key that clients shall ask for now.
     *
     * @param type the type of token
     * @return the key; empty if the issuer has none
     */
    Optional<TokenKey> current(TokenType type);

    /**
     * Keys that stay as they are.
     *
     * @param keys the keys; of one type the first is the current one
     * @return them
     */
    static VerificationKeys of(Collection<VerificationKey> keys) {
        List<VerificationKey> list = List.copyOf(keys);
        return new VerificationKeys() {
            @Override
            public Optional<VerificationKey> find(TokenType type, Bytes id) {
                return list.stream()
                        .filter(one -> one.key().type().equals(type) && one.id().equals(id))
                        .findFirst();
            }

            @Override
            public Optional<TokenKey> current(TokenType type) {
                return list.stream()
                        .map(VerificationKey::key)
                        .filter(one -> one.type().equals(type))
                        .findFirst();
            }
        };
    }
}
