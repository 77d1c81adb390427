package merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latent.runtime.Latent;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A database behind JDBC that is not as it should be. */
class JdbcTest {
    private static final String URL = "jdbc:latent-test:";

    private final AtomicInteger closed = new AtomicInteger();

    /** Its connections can be closed, and nothing else. */
    private Driver driver() {
        Connection connection = (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, _) -> {
                    if (method.getName().equals("close")) {
                        closed.incrementAndGet();
                        return null;
                    }
                    throw new SQLException("no " + method.getName());
                });
        return (Driver) Proxy.newProxyInstance(
                Driver.class.getClassLoader(),
                new Class<?>[] {Driver.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "connect" -> arguments[0].equals(URL) ? connection : null;
                    case "toString" -> "a driver of this test";
                    default -> throw new SQLException("no " + method.getName());
                });
    }

    @Test
    void aConnectionThatCanNotBeMadeReadyIsClosed() throws Exception {
        Driver driver = driver();
        DriverManager.registerDriver(driver);
        SQLException failure = assertThrows(SQLException.class, () -> Latent.blockOn(new Sqlite(URL).connect()));
        assertEquals("no createStatement", failure.getMessage());
        assertEquals(1, closed.get());
    }
}
