package dev.masque.geohash;

import java.util.function.IntPredicate;

/**
 * Finds the nearest of many points on the sphere: a k-d tree over unit vectors, where neither the poles nor the
 * antimeridian are anything special, and the nearest in a straight line is the nearest on the ground. Immutable.
 */
final class PointTree {
    private static final int LEAF = 8;

    private final int[] points; // in the order of the tree: the middle of each range splits it
    private final double[] xs;
    private final double[] ys;
    private final double[] zs;
    private final byte[] axes;

    PointTree(GeoPoint[] points) {
        int size = points.length;
        this.points = new int[size];
        xs = new double[size];
        ys = new double[size];
        zs = new double[size];
        axes = new byte[size];
        for (int i = 0; i < size; i++) {
            double cos = Sphere.cos(points[i].latitude());
            this.points[i] = i;
            xs[i] = cos * Sphere.cos(points[i].longitude());
            ys[i] = cos * Sphere.sin(points[i].longitude());
            zs[i] = Sphere.sin(points[i].latitude());
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
            double beyond = axis == 0 ? x - xs[middle] : axis == 1 ? y - ys[middle] : z - zs[middle];
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
            double dx = x - xs[i];
            double dy = y - ys[i];
            double dz = z - zs[i];
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
        select(axis == 0 ? xs : axis == 1 ? ys : zs, from, to - 1, middle);
        axes[middle] = axis;
        build(from, middle);
        build(middle + 1, to);
    }

    private byte widest(int from, int to) {
        double x = extent(xs, from, to);
        double y = extent(ys, from, to);
        double z = extent(zs, from, to);
        return (byte) (x >= y && x >= z ? 0 : y >= z ? 1 : 2);
    }

    private static double extent(double[] values, int from, int to) {
        double least = values[from];
        double most = least;
        for (int i = from + 1; i < to; i++) {
            least = Math.min(least, values[i]);
            most = Math.max(most, values[i]);
        }
        return most - least;
    }

    /** Moves points until none before the middle is above it and none after it below: Hoare's selection. */
    private void select(double[] keys, int from, int to, int middle) {
        int left = from;
        int right = to;
        while (left < right) {
            double pivot = median(keys[left], keys[left + right >>> 1], keys[right]);
            int i = left;
            int j = right;
            while (i <= j) {
                while (keys[i] < pivot) {
                    i++;
                }
                while (keys[j] > pivot) {
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
        swap(xs, i, j);
        swap(ys, i, j);
        swap(zs, i, j);
    }

    private static void swap(double[] values, int i, int j) {
        double value = values[i];
        values[i] = values[j];
        values[j] = value;
    }
}
