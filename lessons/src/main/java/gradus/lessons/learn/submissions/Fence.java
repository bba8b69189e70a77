package gradus.lessons.learn.submissions;

import gradus.lessons.learn.worker.Launch;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/// What stands between a process that runs a stranger's code and the rest of the machine: the system's
/// namespaces, by `bwrap` or `unshare`, where it allows them.
///
/// Inside, the file system is a new one of 64 MB in memory, which ends with the process; of the machine's it
/// holds Java, the system's libraries and the class path, to be read only. There is no network but the
/// process itself, and no other process to be seen.
public enum Fence {
    BWRAP("bwrap: own file system, read-only beside 64 MB in memory; no network; no sight of other processes"),
    UNSHARE("unshare: own file system, read-only beside 64 MB in memory; no network; no sight of other processes"),
    NONE("none: this system allows no namespaces, so only the scan of the class files keeps answers from files and the"
            + " network");

    private static final int FILE_BYTES = 64 << 20;
    private static final int OPEN_FILES = 512;
    private static final List<String> SYSTEM = List.of("/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache");

    /// Builds the new file system in a folder, enters it and becomes the command. Arguments: the folder, how
    /// many paths to show, the paths, the command.
    private static final String SCRIPT = """
            set -e
            root=$1
            count=$2
            shift 2
            mount -t tmpfs -o size=64m,mode=755 tmpfs "$root"
            while [ "$count" -gt 0 ]; do
              if [ -d "$1" ]; then
                mkdir -p "$root$1"
              else
                mkdir -p "$root${1%/*}"
                : >"$root$1"
              fi
              mount --bind "$1" "$root$1"
              mount -o remount,ro,bind "$root$1"
              count=$((count - 1))
              shift
            done
            mkdir -p "$root/proc" "$root/dev" "$root/tmp"
            mount -t proc proc "$root/proc"
            for device in null zero random urandom; do
              : >"$root/dev/$device"
              mount --bind "/dev/$device" "$root/dev/$device"
            done
            cd "$root"
            exec chroot . "$@"
            """;

    private final String means;

    Fence(String means) {
        this.means = means;
    }

    /// What it keeps out, in words.
    @Override
    public String toString() {
        return means;
    }

    /// The strongest that works here.
    public static Fence find() throws InterruptedException {
        for (Fence each : List.of(BWRAP, UNSHARE)) {
            if (each.works()) {
                return each;
            }
        }
        return NONE;
    }

    /// Whether it lets a program run, and keeps it from writing.
    boolean works() throws InterruptedException {
        if (File.separatorChar != '/') {
            return false;
        }
        try {
            Path folder = Files.createTempDirectory("gradus-fence");
            try {
                return runs(folder, "test -x /usr/bin/env") && !runs(folder, ": >/usr/bin/gradus-was-here");
            } finally {
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            return false;
        }
    }

    private boolean runs(Path folder, String script) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(before(folder));
        command.addAll(List.of("/bin/sh", "-c", script));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } finally {
            process.destroyForcibly();
        }
    }

    /// How a worker is started behind it.
    ///
    /// @param folder an empty folder that is the worker's own
    Launch around(Launch launch, Path folder) {
        if (this == NONE) {
            return launch.within(limits(), folder, options(folder.toString()));
        }
        return launch.within(before(folder), folder, options("/tmp"));
    }

    private static String[] options(String temporary) {
        String home = System.getProperty("user.home");
        return new String[] {
            "-XX:ActiveProcessorCount=1",
            "-Djava.io.tmpdir=" + temporary,
            "-Duser.home=" + home,
            "-Duser.timezone=" + TimeZone.getDefault().getID(), // by it an unpacked file is as old as in its jar
            "-Dorg.bytedeco.javacpp.cachedir=" + libraries()
        };
    }

    private List<String> before(Path folder) {
        List<String> command = new ArrayList<>(limits());
        switch (this) {
            case BWRAP -> {
                // Not --die-with-parent: the parent is the thread that starts it. A worker ends with its input anyway.
                command.addAll(List.of("bwrap", "--unshare-all", "--new-session"));
                for (String each : shown()) {
                    command.addAll(List.of("--ro-bind", each, each));
                }
                command.addAll(List.of("--proc", "/proc", "--dev", "/dev", "--size", "" + FILE_BYTES));
                command.addAll(List.of("--tmpfs", "/tmp", "--chdir", "/tmp"));
            }
            case UNSHARE -> {
                command.addAll(List.of("unshare", "-Urnmpf", "--kill-child", "/bin/sh", "-c", SCRIPT, "fence"));
                Set<String> shown = shown();
                command.add(folder.toString());
                command.add(Integer.toString(shown.size()));
                command.addAll(shown);
            }
            case NONE -> {}
        }
        return command;
    }

    private static List<String> limits() {
        return Files.isExecutable(Path.of("/usr/bin/prlimit"))
                ? List.of("/usr/bin/prlimit", "--core=0", "--fsize=" + FILE_BYTES, "--nofile=" + OPEN_FILES, "--")
                : List.of();
    }

    /// The paths that a worker needs to read.
    private static Set<String> shown() {
        Set<String> paths = new TreeSet<>();
        SYSTEM.stream().filter(each -> Files.exists(Path.of(each))).forEach(paths::add);
        paths.add(System.getProperty("java.home"));
        paths.addAll(unpacked());
        for (String each : Launch.classPath().split(File.pathSeparator)) {
            if (Files.exists(Path.of(each))) {
                paths.add(each.endsWith(".jar") ? jars(each) : each);
            }
        }
        Set<String> outermost = new TreeSet<>();
        for (String each : paths) { // sorted: what is around comes first
            if (outermost.stream().noneMatch(other -> each.startsWith(other + "/"))) {
                outermost.add(each);
            }
        }
        return outermost;
    }

    /// The repository that a jar lies in, or the jar.
    private static String jars(String jar) {
        int at = jar.indexOf("/.m2/repository/");
        return at < 0 ? jar : jar.substring(0, at + "/.m2/repository".length());
    }

    /// What lies in the folder of ND4J's unpacked libraries. The folder itself must not be shown: JavaCPP wants
    /// to write in it, and would unpack all of them elsewhere.
    private static List<String> unpacked() {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of(libraries()), Files::isDirectory)) {
            List<String> paths = new ArrayList<>();
            jars.forEach(jar -> paths.add(jar.toString()));
            return paths;
        } catch (IOException e) {
            return List.of(); // not there: a worker unpacks what it needs
        }
    }

    /// Where ND4J's native libraries are unpacked to; a worker without them would unpack them again.
    private static String libraries() {
        String folder = System.getProperty("org.bytedeco.javacpp.cachedir", "");
        return folder.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".javacpp", "cache").toString()
                : Path.of(folder).toAbsolutePath().toString();
    }
}
