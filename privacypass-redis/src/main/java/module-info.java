/** Spent Privacy Pass tokens in Redis. */
@org.jspecify.annotations.NullMarked
module dev.masque.privacypass.redis {
    requires static transitive org.jspecify;
    requires transitive dev.masque.privacypass;
    requires org.apache.commons.pool2;
    requires redis.clients.jedis;

    exports dev.masque.privacypass.redis;
}
