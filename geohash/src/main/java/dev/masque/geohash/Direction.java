package dev.masque.geohash;

/** One of the eight ways out of a cell. */
public enum Direction {
    /** To the north pole. */
    NORTH(1, 0),
    /** Up and to the right on a map. */
    NORTH_EAST(1, 1),
    /** With the turning of the earth. */
    EAST(0, 1),
    /** Down and to the right on a map. */
    SOUTH_EAST(-1, 1),
    /** To the south pole. */
    SOUTH(-1, 0),
    /** Down and to the left on a map. */
    SOUTH_WEST(-1, -1),
    /** Against the turning of the earth. */
    WEST(0, -1),
    /** Up and to the left on a map. */
    NORTH_WEST(1, -1);

    final int rows;
    final int columns;

    Direction(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
    }

    /**
     * The way back.
     *
     * @return the direction to the other side
     */
    public Direction opposite() {
        return switch (this) {
            case NORTH -> SOUTH;
            case NORTH_EAST -> SOUTH_WEST;
            case EAST -> WEST;
            case SOUTH_EAST -> NORTH_WEST;
            case SOUTH -> NORTH;
            case SOUTH_WEST -> NORTH_EAST;
            case WEST -> EAST;
            case NORTH_WEST -> SOUTH_EAST;
        };
    }
}
