package physics;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dyn4j.dynamics.Body;
import org.dyn4j.dynamics.BodyFixture;
import org.dyn4j.geometry.Geometry;
import org.dyn4j.geometry.MassType;
import org.dyn4j.geometry.Vector2;
import org.dyn4j.world.World;

/** Circles and boxes in a box whose gravity turns, so that they never come to rest. For one thread at a time; the same seed makes the same steps. */
final class Scene {
    /** Metres. */
    static final double WIDTH = 40;

    static final double HEIGHT = 24;

    private static final double STEP = 1.0 / 60;
    private static final double WALL = 1;
    private static final double GRAVITY = 9.8;

    /** Steps for gravity to turn once. */
    private static final double TURN = 600;

    /** How far a kick reaches, and how fast what it reaches flies off. */
    private static final double REACH = 6;

    private static final double KICK = 18;

    /** Of a body in a snapshot: x, y and angle. */
    private static final int FLOATS = 3;

    private final World<Body> world = new World<>();
    private final List<Body> bodies = new ArrayList<>();
    private final List<Shape> shapes = new ArrayList<>();
    private int steps;

    /** What is seen of a body: a circle of a radius, or a box with its sides, the other ones 0. */
    record Shape(double radius, double width, double height) {}

    Scene(int count, long seed) {
        Random random = new Random(seed);
        wall(WIDTH / 2, -WALL / 2, WIDTH + 2 * WALL, WALL);
        wall(WIDTH / 2, HEIGHT + WALL / 2, WIDTH + 2 * WALL, WALL);
        wall(-WALL / 2, HEIGHT / 2, WALL, HEIGHT);
        wall(WIDTH + WALL / 2, HEIGHT / 2, WALL, HEIGHT);
        // So that a third of the box is full, however many they are.
        double size = Math.sqrt(WIDTH * HEIGHT / 3 / count) / 2;
        for (int i = 0; i < count; i++) {
            double mine = size * (0.6 + 0.6 * random.nextDouble());
            boolean isCircle = random.nextBoolean();
            double height = mine * (1 + random.nextDouble());
            Body body = new Body();
            BodyFixture fixture = body.addFixture(
                    isCircle ? Geometry.createCircle(mine) : Geometry.createRectangle(2 * mine, height));
            fixture.setRestitution(0.3);
            body.setMass(MassType.NORMAL);
            body.setAtRestDetectionEnabled(false);
            body.translate(
                    2 * size + (WIDTH - 4 * size) * random.nextDouble(),
                    2 * size + (HEIGHT - 4 * size) * random.nextDouble());
            world.addBody(body);
            bodies.add(body);
            shapes.add(isCircle ? new Shape(mine, 0, 0) : new Shape(0, 2 * mine, height));
        }
    }

    private void wall(double x, double y, double width, double height) {
        Body body = new Body();
        body.addFixture(Geometry.createRectangle(width, height));
        body.setMass(MassType.INFINITE);
        body.translate(x, y);
        world.addBody(body);
    }

    /** A sixtieth of a second. */
    void step() {
        double angle = 2 * Math.PI * steps++ / TURN;
        world.setGravity(new Vector2(GRAVITY * Math.sin(angle), -GRAVITY * Math.cos(angle)));
        world.step(1, STEP);
    }

    /** What is near flies off. */
    void kick(double x, double y) {
        for (Body body : bodies) {
            Vector2 away = body.getWorldCenter().difference(x, y);
            double distance = away.getMagnitude();
            if (distance < REACH && distance > 0) {
                body.setLinearVelocity(
                        away.multiply(KICK * (1 - distance / REACH) / distance).add(body.getLinearVelocity()));
            }
        }
    }

    List<Shape> shapes() {
        return List.copyOf(shapes);
    }

    /** {@return x, y and angle of each body, as 32-bit floats, little-endian} */
    byte[] snapshot() {
        ByteBuffer bytes =
                ByteBuffer.allocate(bodies.size() * FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (Body body : bodies) {
            bytes.putFloat((float) body.getTransform().getTranslationX());
            bytes.putFloat((float) body.getTransform().getTranslationY());
            bytes.putFloat((float) body.getTransform().getRotationAngle());
        }
        return bytes.array();
    }
}
