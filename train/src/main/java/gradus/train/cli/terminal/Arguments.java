package gradus.train.cli.terminal;

import gradus.error.UsageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// The program's arguments as they were typed.
///
/// Java decodes them as the locale says, and one that is not installed, as is usual in containers, counts for ASCII:
/// whatever lies beyond becomes U+FFFD without a word, and a text would be cut into the wrong tokens. Linux keeps the
/// bytes themselves in `/proc/self/cmdline`; where they are text in UTF-8, that is what was meant.
public final class Arguments {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final char LOST = '\uFFFD';

    private Arguments() {}

    /// @param told what `main` was given
    /// @throws UsageException if something was lost and cannot be found again
    public static String[] typed(String... told) {
        return typed(told, locale(), Arguments::commandLine);
    }

    /// The charset that Java decodes arguments and file names with.
    public static Charset locale() {
        return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"), StandardCharsets.UTF_8);
    }

    /// @param locale      the charset that `told` was decoded with
    /// @param commandLine the bytes of the whole command line, a NUL behind each argument; null where
    ///                    none are kept
    static String[] typed(String[] told, Charset locale, Supplier<byte[]> commandLine) {
        if (!isSuspicious(told, locale)) {
            return told;
        }
        byte[] all = commandLine.get();
        List<byte[]> raw = all == null ? List.of() : split(all);
        if (raw.size() < told.length) {
            requireNothingLost(told, locale);
            return told;
        }
        String[] typed = new String[told.length];
        for (int i = 0; i < told.length; i++) {
            typed[i] = decoded(raw.get(raw.size() - told.length + i), i + 1, told);
        }
        return typed;
    }

    /// Some versions of Java put a question mark where they cannot decode, others the replacement character.
    private static boolean isSuspicious(String[] told, Charset locale) {
        boolean ascii = locale.equals(StandardCharsets.US_ASCII);
        for (String argument : told) {
            if (argument.indexOf(LOST) >= 0 || ascii && argument.indexOf('?') >= 0) {
                return true;
            }
        }
        return false;
    }

    private static List<byte[]> split(byte[] all) {
        List<byte[]> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < all.length; i++) {
            if (all[i] == 0) {
                parts.add(java.util.Arrays.copyOfRange(all, start, i));
                start = i + 1;
            }
        }
        return parts;
    }

    private static String decoded(byte[] bytes, int number, String[] told) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UsageException("argument %s, '%s', is not text in UTF-8".formatted(number, told[number - 1]), e);
        }
    }

    private static void requireNothingLost(String[] told, Charset locale) {
        for (int i = 0; i < told.length; i++) {
            if (told[i].indexOf(LOST) >= 0 && !locale.equals(StandardCharsets.UTF_8)) {
                throw new UsageException(
                        "argument %s, '%s', has characters that the locale's charset, %s, cannot hold; %s"
                                .formatted(i + 1, told[i], locale.name(), "set LC_ALL=C.UTF-8 in the environment"));
            }
        }
    }

    private static byte[] commandLine() {
        try {
            return Files.isReadable(COMMAND_LINE) ? Files.readAllBytes(COMMAND_LINE) : null;
        } catch (IOException notLinux) {
            return null;
        }
    }
}
