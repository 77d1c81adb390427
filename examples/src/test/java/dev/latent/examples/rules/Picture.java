package dev.latent.examples.rules;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The packages as the code has them, as an SVG: bands are the layers of {@link Layers}, boxes the packages, and an
 * arrow goes from who uses to who is used. Packages that need each other are framed as one, the only place where an arrow could go both
 * ways; an arrow that follows from others is left out.
 */
final class Picture {
    private static final int WIDTH = 1_180;
    private static final int MARGIN = 130;
    private static final int BOX = 34;
    private static final int ROW = 92;
    private static final int GAP = 26;
    private static final int PAD = 14;

    /** Packages that need each other; mostly one alone. */
    private record Room(String layer, List<String> packages, Set<Room> uses) {
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return packages.hashCode();
        }
    }

    private record Place(double x, double y, double width, double height) {
        double middle() {
            return x + width / 2;
        }
    }

    private final Set<String> packages = new TreeSet<>();
    private final Map<String, Set<String>> uses = new TreeMap<>();
    private final Map<String, Room> roomOf = new TreeMap<>();
    private final List<Room> rooms = new ArrayList<>();

    private Picture(JavaClasses all) {
        for (JavaClass type : all) {
            String from = type.getPackageName();
            if (Layers.of(from) == null || type.getSimpleName().equals("package-info")) {
                continue;
            }
            if (type.isTopLevelClass()) {
                packages.add(from);
            }
            Set<String> used = uses.computeIfAbsent(from, _ -> new TreeSet<>());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String to = dependency.getTargetClass().getBaseComponentType().getPackageName();
                if (!to.equals(from) && Layers.of(to) != null) {
                    used.add(to);
                }
            }
        }
        uses.values().forEach(to -> to.retainAll(packages));
        findRooms();
    }

    /** {@return the picture} */
    static String of(JavaClasses all) {
        return new Picture(all).draw();
    }

    private void findRooms() {
        for (String name : packages) {
            if (roomOf.containsKey(name)) {
                continue;
            }
            Set<String> reached = reach(name);
            List<String> circle = reached.stream()
                    .filter(other -> other.equals(name) || reach(other).contains(name))
                    .sorted()
                    .toList();
            Room room = new Room(
                    Layers.of(name), circle.isEmpty() ? List.of(name) : circle, new java.util.LinkedHashSet<>());
            rooms.add(room);
            room.packages.forEach(each -> roomOf.put(each, room));
        }
        for (Room room : rooms) {
            for (String name : room.packages) {
                uses.get(name).stream()
                        .map(roomOf::get)
                        .filter(to -> to != room)
                        .forEach(room.uses::add);
            }
        }
    }

    /** {@return what {@code name} uses, itself too, directly or not} */
    private Set<String> reach(String name) {
        Set<String> reached = new TreeSet<>(Set.of(name));
        Deque<String> open = new ArrayDeque<>(reached);
        while (!open.isEmpty()) {
            for (String next : uses.get(open.remove())) {
                if (reached.add(next)) {
                    open.add(next);
                }
            }
        }
        return reached;
    }

    private static int rank(Room room) {
        return room.uses.stream()
                .filter(to -> to.layer.equals(room.layer))
                .mapToInt(to -> rank(to) + 1)
                .max()
                .orElse(0);
    }

    private static boolean reaches(Room from, Room to) {
        return from == to || from.uses.stream().anyMatch(next -> reaches(next, to));
    }

    private boolean isApart(String layer) {
        return rooms.stream()
                .flatMap(room -> room.uses.stream()
                        .filter(to -> !to.layer.equals(room.layer))
                        .flatMap(to -> java.util.stream.Stream.of(room.layer, to.layer)))
                .noneMatch(layer::equals);
    }

    private String draw() {
        List<String> layers = Layers.all()
                .filter(layer -> rooms.stream().anyMatch(room -> room.layer.equals(layer)))
                .sorted(Comparator.comparing(layer -> !isApart(layer)))
                .toList();
        StringBuilder bands = new StringBuilder();
        StringBuilder boxes = new StringBuilder();
        Map<Room, Place> places = new HashMap<>();
        double y = 20;
        for (String layer : layers.reversed()) {
            Map<Integer, List<Room>> rows = rooms.stream()
                    .filter(room -> room.layer.equals(layer))
                    .collect(Collectors.groupingBy(
                            Picture::rank, () -> new TreeMap<>(Comparator.reverseOrder()), Collectors.toList()));
            double top = y;
            y += PAD;
            for (List<Room> row : rows.values()) {
                y = place(row, y, places, boxes);
            }
            bands.append(String.format(
                    Locale.ROOT,
                    "<rect class='band' x='6' y='%.0f' width='%d' height='%.0f' rx='8'/><text class='layer' x='20' y='%.0f'>%s</text>%n",
                    top,
                    WIDTH - 12,
                    y - top - ROW + BOX + 2 * PAD,
                    top + 26,
                    layer + (isApart(layer) ? " (apart)" : "")));
            y += 24;
        }
        StringBuilder arrows = new StringBuilder();
        for (Room room : rooms) {
            List<Room> direct = room.uses.stream()
                    .filter(to -> room.uses.stream().noneMatch(over -> over != to && reaches(over, to)))
                    .sorted(Comparator.comparingDouble(to -> places.get(to).middle()))
                    .toList();
            for (int i = 0; i < direct.size(); i++) {
                arrows.append(arrow(places.get(room), places.get(direct.get(i)), (i + 1.0) / (direct.size() + 1)));
            }
        }
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %.0f" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="Latent's packages: arrows go from who uses to who is used, downwards only">
                <style>
                  .band { fill: #f4f4f1 } .layer { fill: #777; font-weight: 600 } .box { fill: #fff; stroke: #5b6b7b } .name { fill: #16202a; text-anchor: middle }
                  .circle { fill: none; stroke: #5b6b7b; stroke-dasharray: 4 3 } .arrow { fill: none; stroke: #2f6f9f; stroke-width: 1.3 } #head path { fill: #2f6f9f }
                  @media (prefers-color-scheme: dark) {
                    .band { fill: #20242a } .layer { fill: #9aa4ae } .box { fill: #2b313a; stroke: #8b9bab } .name { fill: #e7edf3 } .circle { stroke: #8b9bab }
                    .arrow { stroke: #7ab7e6 } #head path { fill: #7ab7e6 }
                  }
                </style>
                <defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>
                %s%s%s</svg>
                """.formatted(WIDTH, y - ROW + BOX + PAD, bands, arrows, boxes);
    }

    /** Puts a row's rooms beside each other, in as many lines as they need: {@return where the next row begins} */
    private double place(List<Room> row, double y, Map<Room, Place> places, StringBuilder boxes) {
        List<Room> line = new ArrayList<>();
        double used = 0;
        for (Room room : row) {
            double width = width(room);
            if (!line.isEmpty() && used + GAP + width > WIDTH - MARGIN - 20) {
                put(line, used, y, places, boxes);
                y += ROW * 0.6;
                line.clear();
                used = 0;
            }
            used += (line.isEmpty() ? 0 : GAP) + width;
            line.add(room);
        }
        put(line, used, y, places, boxes);
        return y + ROW;
    }

    private void put(List<Room> line, double used, double y, Map<Room, Place> places, StringBuilder boxes) {
        double x = MARGIN + (WIDTH - MARGIN - 20 - used) / 2;
        for (Room room : line) {
            double width = width(room);
            places.put(room, new Place(x, y, width, BOX));
            if (room.packages.size() > 1) {
                boxes.append(String.format(
                        Locale.ROOT,
                        "<rect class='circle' x='%.0f' y='%.0f' width='%.0f' height='%d' rx='8'/>%n",
                        x - 6,
                        y - 6,
                        width + 12,
                        BOX + 12));
            }
            double at = x;
            for (String name : room.packages) {
                double wide = width(name);
                boxes.append(String.format(
                        Locale.ROOT,
                        "<rect class='box' x='%.0f' y='%.0f' width='%.0f' height='%d' rx='5'/><text class='name' x='%.0f' y='%.0f'>%s</text>%n",
                        at,
                        y,
                        wide,
                        BOX,
                        at + wide / 2,
                        y + 22,
                        label(name)));
                at += wide + 8;
            }
            x += width + GAP;
        }
    }

    private static String label(String name) {
        return name.equals("dev.latent") ? name : name.substring("dev.latent.".length());
    }

    private static double width(String name) {
        return 18 + 7.2 * label(name).length();
    }

    private static double width(Room room) {
        return room.packages.stream().mapToDouble(Picture::width).sum() + 8 * (room.packages.size() - 1);
    }

    private static String arrow(Place from, Place to, double share) {
        double x = from.x + from.width * share;
        double y = from.y + from.height;
        double toX = Math.clamp(x, to.x + 12, to.x + to.width - 12);
        double bend = Math.max(24, (to.y - y) / 2);
        return String.format(
                Locale.ROOT,
                "<path class='arrow' marker-end='url(#head)' d='M%.0f %.0f C%.0f %.0f %.0f %.0f %.0f %.0f'/>%n",
                x,
                y,
                x,
                y + bend,
                toX,
                to.y - bend,
                toX,
                to.y - 2);
    }

    /** {@return arrows that would not go down}: none, if the layers hold and the picture is right. */
    static List<String> upwards(JavaClasses all) {
        Picture picture = new Picture(all);
        List<String> layers = Layers.all().toList();
        List<String> wrong = new ArrayList<>();
        for (Room room : picture.rooms) {
            for (Room used : room.uses) {
                int from = layers.indexOf(room.layer);
                int to = layers.indexOf(used.layer);
                if (to > from || to == from && rank(used) >= rank(room)) {
                    wrong.add(room.packages + " -> " + used.packages);
                }
            }
        }
        return wrong;
    }
}
