package gradus.train.run.provenance;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/// The version of Gradus that is running, from the build.
public final class Release {
    /// What is said where the classes were compiled without Maven, which alone knows the number.
    static final String UNKNOWN = "unknown";

    private Release() {}

    /// Such as `0.1.0`.
    public static String number() {
        try (InputStream file = Release.class.getResourceAsStream("version.properties")) {
            return of(file);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /// @param file version.properties; null where there is none
    static String of(InputStream file) throws IOException {
        Properties properties = new Properties();
        if (file != null) {
            properties.load(file);
        }
        String number = properties.getProperty("version", "");
        return number.isBlank() || number.startsWith("${") ? UNKNOWN : number;
    }
}
