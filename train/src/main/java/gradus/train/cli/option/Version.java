package gradus.train.cli.option;

import gradus.train.run.provenance.Release;
import picocli.CommandLine.IVersionProvider;

/// What `--version` prints.
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"gradus " + Release.number()};
    }
}
