package dev.masque.geohash;

import java.util.function.IntPredicate;

/**
 * Finds the nearest of many points on the sphere: a k-d tree over unit vectors, where neither the poles nor the
 * antimeridian are anything special, and the nearest in a straight line is the nearest on the ground. Immutable.
 */
final class PointTree {
    private static final int LEAF = 8;

    private final int[] points; // in the order of the tree: the middle of each range splits it
    private final double[] places; // x, y, z of each in the same order, next to each other for the cache
    private final byte[] axes;

    PointTree(GeoPoint[] points) {
        int size = points.length;
        this.points = new int[size];
        places = new double[3 * size];
        axes = new byte[size];
        for (int i = 0; i < size; i++) {
            double cos = Sphere.cos(points[i].latitude());
            this.points[i] = i;
            places[3 * i] = cos * Sphere.cos(points[i].longitude());
            places[3 * i + 1] = cos * Sphere.sin(points[i].longitude());
            places[3 * i + 2] = Sphere.sin(points[i].latitude());
        }
        build(0, size);
    }

    /**
     * The nearest point that is usable; of equally near ones the first.
     *
     * @return its index, or -1 if none is usable
     */
    int nearest(GeoPoint to, IntPredicate usable) {
        double cos = Sphere.cos(to.latitude());
        Search search = new Search(
                cos * Sphere.cos(to.longitude()), cos * Sphere.sin(to.longitude()), Sphere.sin(to.latitude()), usable);
        search.visit(0, points.length, 0, 0, 0);
        return search.best;
    }

    private final class Search {
        private final double x;
        private final double y;
        private final double z;
        private final IntPredicate usable;
        private double bestSquare = Double.POSITIVE_INFINITY;
        private int best = -1;

        Search(double x, double y, double z, IntPredicate usable) {
            this.x = x;
            this.y = y;
            this.z = z;
            this.usable = usable;
        }

        /** The offsets are how far the range's box is along each axis; the sum of their squares bounds the distance. */
        void visit(int from, int to, double dx, double dy, double dz) {
            // not "at least": an equally near point may have been registered earlier. Squares are summed as in offer(),
            // so that rounding cannot put the bound above the distance.
            if (dx * dx + dy * dy + dz * dz > bestSquare) {
                return;
            }
            if (to - from <= LEAF) {
                for (int i = from; i < to; i++) {
                    offer(i);
                }
                return;
            }
            int middle = from + to >>> 1;
            byte axis = axes[middle];
            double beyond = (axis == 0 ? x : axis == 1 ? y : z) - places[3 * middle + axis];
            boolean left = beyond < 0;
            visit(left ? from : middle + 1, left ? middle : to, dx, dy, dz);
            offer(middle);
            visit(
                    left ? middle + 1 : from,
                    left ? to : middle,
                    axis == 0 ? beyond : dx,
                    axis == 1 ? beyond : dy,
                    axis == 2 ? beyond : dz);
        }

        private void offer(int i) {
            double dx = x - places[3 * i];
            double dy = y - places[3 * i + 1];
            double dz = z - places[3 * i + 2];
            double square = dx * dx + dy * dy + dz * dz;
            if (square < bestSquare || square == bestSquare && points[i] < best) {
                if (usable.test(points[i])) {
                    bestSquare = square;
                    best = points[i];
                }
            }
        }
    }

    private void build(int from, int to) {
        if (to - from <= LEAF) {
            return;
        }
        int middle = from + to >>> 1;
        byte axis = widest(from, to);
        select(axis, from, to - 1, middle);
        axes[middle] = axis;
        build(from, middle);
        build(middle + 1, to);
    }

    private byte widest(int from, int to) {
        double x = extent(0, from, to);
        double y = extent(1, from, to);
        double z = extent(2, from, to);
        return (byte) (x >= y && x >= z ? 0 : y >= z ? 1 : 2);
    }

    private double extent(int axis, int from, int to) {
        double least = places[3 * from + axis];
        double most = least;
        for (int i = from + 1; i < to; i++) {
            least = Math.min(least, places[3 * i + axis]);
            most = Math.max(most, places[3 * i + axis]);
        }
        return most - least;
    }

    /** Moves points until none before the middle is above it and none after it below: Hoare's selection. */
    private void select(int axis, int from, int to, int middle) {
        int left = from;
        int right = to;
        while (left < right) {
            double pivot =
                    median(places[3 * left + axis], places[3 * (left + right >>> 1) + axis], places[3 * right + axis]);
            int i = left;
            int j = right;
            while (i <= j) {
                while (places[3 * i + axis] < pivot) {
                    i++;
                }
                while (places[3 * j + axis] > pivot) {
                    j--;
                }
                if (i <= j) {
                    swap(i++, j--);
                }
            }
            if (middle <= j) {
                right = j;
            } else if (middle >= i) {
                left = i;
            } else {
                return;
            }
        }
    }

    private static double median(double a, double b, double c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    private void swap(int i, int j) {
        int point = points[i];
        points[i] = points[j];
        points[j] = point;
        for (int axis = 0; axis < 3; axis++) {
            double place = places[3 * i + axis];
            places[3 * i + axis] = places[3 * j + axis];
            places[3 * j + axis] = place;
        }
    }
}
