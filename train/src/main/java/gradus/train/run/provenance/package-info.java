/// What made a run: the version of Gradus, the machine, the time.
package gradus.train.run.provenance;
