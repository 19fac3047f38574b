/** Geohashes, the sec-ch-geohash hint and its attestation. */
@org.jspecify.annotations.NullMarked
module dev.masque.geohash {
    requires static transitive org.jspecify;

    exports dev.masque.geohash;
}
