/** Where an address is, from a MaxMind database. */
@org.jspecify.annotations.NullMarked
module dev.masque.geohash.maxmind {
    requires transitive dev.masque.geohash;
    requires com.maxmind.geoip2;
    requires static transitive org.jspecify;

    exports dev.masque.geohash.maxmind;
}
