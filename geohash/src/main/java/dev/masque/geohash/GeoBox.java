package dev.masque.geohash;

/**
 * A box between two parallels and two meridians, its edges included, in degrees. Immutable. It crosses the antimeridian
 * if west is greater than east; the whole round is -180 to 180.
 *
 * @param south the lower latitude, -90 to 90
 * @param west the longitude of the western edge, -180 to 180
 * @param north the upper latitude, not below south
 * @param east the longitude of the eastern edge, -180 to 180
 */
public record GeoBox(double south, double west, double north, double east) {
    /**
     * Checks the edges.
     *
     * @throws IllegalArgumentException if an edge is out of range or south is above north
     */
    public GeoBox {
        if (!(south >= -90 && south <= north && north <= 90)) {
            throw new IllegalArgumentException(
                    "latitudes must be -90 <= south <= north <= 90: " + south + ", " + north);
        }
        if (!(west >= -180 && west <= 180 && east >= -180 && east <= 180)) {
            throw new IllegalArgumentException("longitudes must be -180 to 180: " + west + ", " + east);
        }
    }

    /**
     * A box.
     *
     * @param south the lower latitude
     * @param west the western edge
     * @param north the upper latitude
     * @param east the eastern edge
     * @return the box
     * @throws IllegalArgumentException if an edge is out of range or south is above north
     */
    public static GeoBox of(double south, double west, double north, double east) {
        return new GeoBox(south, west, north, east);
    }

    /**
     * Whether the box lies over the meridian of 180 degrees.
     *
     * @return true if west is greater than east
     */
    public boolean crossesAntimeridian() {
        return west > east;
    }

    /**
     * The width.
     *
     * @return degrees of longitude, 0 to 360
     */
    public double width() {
        return crossesAntimeridian() ? east - west + 360 : east - west;
    }

    /**
     * The height.
     *
     * @return degrees of latitude, 0 to 180
     */
    public double height() {
        return north - south;
    }

    /**
     * The middle.
     *
     * @return the point half way between the edges
     */
    public GeoPoint centre() {
        double middle = west + width() / 2;
        return new GeoPoint(south + height() / 2, middle > 180 ? middle - 360 : middle);
    }

    /**
     * Whether a point is in the box or on its edge.
     *
     * @param point a point
     * @return true if it is
     */
    public boolean contains(GeoPoint point) {
        return point.latitude() >= south && point.latitude() <= north && spans(point);
    }

    /**
     * The great-circle distance from a point to the nearest point of the box.
     *
     * @param point a point
     * @return metres, 0 inside and on the edge
     */
    public double distanceTo(GeoPoint point) {
        if (spans(point)) { // straight up or down the point's own meridian
            double degrees = Math.max(0, Math.max(south - point.latitude(), point.latitude() - north));
            return Sphere.RADIUS * Math.toRadians(degrees);
        }
        return Sphere.RADIUS
                * Math.min(
                        Sphere.angleToMeridian(point, west, south, north),
                        Sphere.angleToMeridian(point, east, south, north));
    }

    private boolean spans(GeoPoint point) {
        if (Math.abs(point.latitude()) == 90) { // every meridian goes through a pole
            return true;
        }
        double longitude = point.longitude();
        if (longitude == -180 && (east == 180 || west == 180)) {
            return true;
        }
        return crossesAntimeridian() ? longitude >= west || longitude <= east : longitude >= west && longitude <= east;
    }
}
