package merge;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** H2: how a product gets to who buys it. */
final class H2 extends Jdbc {
    H2(String url) {
        super(url);
    }

    @Override
    void prepare(Connection connection) {}

    @Override
    void fill(Statement statement) throws SQLException {
        statement.execute("CREATE ALIAS IF NOT EXISTS LATENT_NAP FOR 'java.lang.Thread.sleep(long)'");
        statement.execute(
                "CREATE TABLE IF NOT EXISTS latent_deliveries (product BIGINT PRIMARY KEY, carrier VARCHAR(40) NOT NULL, days INT NOT NULL)");
        statement.execute(
                "MERGE INTO latent_deliveries SELECT x, 'carrier ' || MOD(x, 4), 1 + MOD(x, 9) FROM SYSTEM_RANGE(1, "
                        + Sources.PRODUCTS + ")");
    }

    /** It looks for a cancel once in 128 rows. */
    @Override
    String slow() {
        return "SELECT COUNT(*) FROM SYSTEM_RANGE(1, ?) WHERE LATENT_NAP(1) IS NULL";
    }

    @Override
    String question() {
        return "SELECT carrier, days FROM latent_deliveries WHERE product = ?";
    }

    @Override
    Map<String, Object> part(ResultSet row) throws SQLException {
        return Map.of("carrier", row.getString("carrier"), "days", row.getInt("days"));
    }

    @Override
    int working(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS WHERE EXECUTING_STATEMENT LIKE '%LATENT%' AND SESSION_ID <> SESSION_ID()")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
