package gradus.train.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// This program's version, from the build.
final class Version implements IVersionProvider {
    /// What is said where the classes were compiled without Maven, which alone knows the number.
    static final String UNKNOWN = "unknown";

    static String number() {
        try (InputStream file = Version.class.getResourceAsStream("version.properties")) {
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

    @Override
    public String[] getVersion() {
        return new String[] {"gradus " + number()};
    }
}
