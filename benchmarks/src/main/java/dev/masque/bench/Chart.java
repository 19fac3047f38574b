package dev.masque.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/**
 * Figures of one unit as a picture: lines over the number of tunnels where that changes, else bars for each subject. Shows
 * medians; bars have half of the way between the quartiles up and down.
 *
 * @param title above it
 * @param unit at its side
 * @param figures what is drawn
 */
record Chart(String title, String unit, List<Figure> figures) {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 480;
    private static final double WIDE = 50; // from here on the small ones could not be seen on a linear scale

    /** Writes an SVG; nothing if there is nothing to draw. */
    void write(Path file) throws IOException {
        System.setProperty("java.awt.headless", "true");
        List<Figure> drawn = figures.stream()
                .filter(figure -> Double.isFinite(figure.values().median()))
                .toList();
        if (drawn.isEmpty()) {
            return;
        }
        org.knowm.xchart.internal.chartpart.Chart<?, ?> picture =
                drawn.stream().anyMatch(figure -> figure.tunnels() > 0) ? lines(drawn) : bars(drawn);
        VectorGraphicsEncoder.saveVectorGraphic(picture, file.toString(), VectorGraphicsFormat.SVG);
    }

    private CategoryChart bars(List<Figure> drawn) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .yAxisTitle(unit)
                .build();
        style(chart.getStyler(), drawn);
        chart.getStyler().setXAxisLabelRotation(20);
        List<String> subjects = drawn.stream().map(Figure::subject).distinct().toList();
        Map<String, Map<String, Series>> measures = new LinkedHashMap<>();
        for (Figure figure : drawn) {
            measures.computeIfAbsent(figure.measure(), first -> new LinkedHashMap<>())
                    .put(figure.subject(), figure.values());
        }
        measures.forEach((measure, series) -> {
            List<@Nullable Double> medians = new ArrayList<>();
            List<Double> spreads = new ArrayList<>();
            for (String subject : subjects) {
                Series values = series.get(subject);
                medians.add(values == null ? null : (Double) values.median()); // none: no bar
                spreads.add(values == null ? 0 : values.spread());
            }
            chart.addSeries(measure, subjects, medians, medians.contains(null) ? null : spreads);
        });
        return chart;
    }

    private XYChart lines(List<Figure> drawn) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("tunnels")
                .yAxisTitle(unit)
                .build();
        style(chart.getStyler(), drawn);
        chart.getStyler().setXAxisLogarithmic(true);
        Map<String, Map<Integer, Double>> series = new LinkedHashMap<>();
        for (Figure figure : drawn) {
            series.computeIfAbsent(figure.subject() + ", " + figure.measure(), first -> new LinkedHashMap<>())
                    .put(figure.tunnels(), figure.values().median());
        }
        series.forEach(
                (name, points) -> chart.addSeries(name, List.copyOf(points.keySet()), List.copyOf(points.values())));
        return chart;
    }

    private static void style(AxesChartStyler styler, List<Figure> drawn) {
        double[] medians = drawn.stream()
                .mapToDouble(figure -> figure.values().median())
                .filter(median -> median != 0)
                .sorted()
                .toArray();
        boolean positive = medians.length == drawn.size() && medians[0] > 0;
        double top = DoubleStream.of(medians).max().orElse(1);
        if (positive && top / medians[0] > WIDE) {
            styler.setYAxisLogarithmic(true);
            styler.setYAxisMin(Math.pow(10, Math.floor(Math.log10(medians[0]))));
        }
        styler.setYAxisDecimalPattern(top >= 10 ? "#,##0" : "0.###");
        styler.setLegendPosition(Styler.LegendPosition.OutsideS);
        styler.setLegendLayout(Styler.LegendLayout.Horizontal);
    }
}
