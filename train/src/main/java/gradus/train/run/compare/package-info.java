/// Runs side by side: what their folders tell, where their settings differ, and what came of them, with
/// intervals over seeds.
package gradus.train.run.compare;
