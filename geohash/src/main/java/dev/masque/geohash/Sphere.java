package dev.masque.geohash;

/** Geometry on the unit sphere. Exact at the poles and at every multiple of 90 degrees, where rounding would show. */
final class Sphere {
    /** The mean radius of the earth in metres (IUGG). */
    static final double RADIUS = 6_371_008.8;

    private Sphere() {}

    /** The sine of an angle of at most 180 degrees; odd, and exact at multiples of 90. */
    static double sin(double degrees) {
        double quarter = Math.rint(degrees / 90);
        double rest = Math.toRadians(degrees - quarter * 90); // the difference is exact
        return switch ((int) quarter & 3) {
            case 0 -> Math.sin(rest);
            case 1 -> Math.cos(rest);
            case 2 -> -Math.sin(rest);
            default -> -Math.cos(rest);
        };
    }

    /** The cosine of an angle of at most 180 degrees; even, and exact at multiples of 90. */
    static double cos(double degrees) {
        double quarter = Math.rint(degrees / 90);
        double rest = Math.toRadians(degrees - quarter * 90);
        return switch ((int) quarter & 3) {
            case 0 -> Math.cos(rest);
            case 1 -> -Math.sin(rest);
            case 2 -> -Math.cos(rest);
            default -> Math.sin(rest);
        };
    }

    /** The angle in radians between two points, good at any distance: atan2 of cross and dot product. */
    static double angle(double latitude1, double longitude1, double latitude2, double longitude2) {
        double cos1 = cos(latitude1);
        double x1 = cos1 * cos(longitude1);
        double y1 = cos1 * sin(longitude1);
        double z1 = sin(latitude1);
        double cos2 = cos(latitude2);
        double x2 = cos2 * cos(longitude2);
        double y2 = cos2 * sin(longitude2);
        double z2 = sin(latitude2);
        double cx = y1 * z2 - z1 * y2;
        double cy = z1 * x2 - x1 * z2;
        double cz = x1 * y2 - y1 * x2;
        return Math.atan2(Math.sqrt(cx * cx + cy * cy + cz * cz), x1 * x2 + y1 * y2 + z1 * z2);
    }

    /** The angle in radians from a point to the nearest point of a piece of a meridian. */
    static double angleToMeridian(GeoPoint point, double meridian, double south, double north) {
        // the cosine of the angle to latitude t is A cos(t - foot): best at the foot, else at the nearer end
        double foot = Math.toDegrees(Math.atan2(
                sin(point.latitude()), cos(point.latitude()) * cos(difference(point.longitude(), meridian))));
        if (foot > south && foot < north) {
            return angle(point.latitude(), point.longitude(), foot, meridian);
        }
        return Math.min(
                angle(point.latitude(), point.longitude(), south, meridian),
                angle(point.latitude(), point.longitude(), north, meridian));
    }

    /** How far one meridian is from another, 0 to 180 degrees. */
    private static double difference(double longitude1, double longitude2) {
        double difference = Math.abs(longitude1 - longitude2);
        return difference > 180 ? 360 - difference : difference;
    }
}
