package dev.masque.geohash;

/**
 * A point on the earth, in degrees (WGS 84). Immutable. A longitude of 180 is kept as -180, the same meridian, and a
 * negative zero as zero, so that equal places are equal values.
 *
 * @param latitude -90 to 90
 * @param longitude -180 to 180
 */
public record GeoPoint(double latitude, double longitude) {
    /**
     * Checks and normalises.
     *
     * @throws IllegalArgumentException if a coordinate is out of range or not a number
     */
    public GeoPoint {
        if (!(latitude >= -90 && latitude <= 90)) {
            throw new IllegalArgumentException("latitude must be -90 to 90: " + latitude);
        }
        if (!(longitude >= -180 && longitude <= 180)) {
            throw new IllegalArgumentException("longitude must be -180 to 180: " + longitude);
        }
        latitude += 0.0;
        longitude = longitude == 180 ? -180 : longitude + 0.0;
    }

    /**
     * A point.
     *
     * @param latitude -90 to 90
     * @param longitude -180 to 180
     * @return the point
     * @throws IllegalArgumentException if a coordinate is out of range or not a number
     */
    public static GeoPoint of(double latitude, double longitude) {
        return new GeoPoint(latitude, longitude);
    }

    /**
     * The great-circle distance on a sphere of the earth's mean radius, 6,371,008.8 m. True distances on the ellipsoid
     * differ by up to 0.6 %.
     *
     * @param other the other end
     * @return metres, the same in both directions
     */
    public double distanceTo(GeoPoint other) {
        return Sphere.RADIUS * Sphere.angle(latitude, longitude, other.latitude, other.longitude);
    }

    /**
     * The great-circle distance to the nearest point of a box.
     *
     * @param box a box
     * @return metres, 0 inside and on the edge
     */
    public double distanceTo(GeoBox box) {
        return box.distanceTo(this);
    }
}
