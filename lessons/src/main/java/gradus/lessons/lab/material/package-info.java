/// Models that experiments train once and use again: [gradus.lessons.lab.material.Recipe] says how one is made,
/// [gradus.lessons.lab.material.Material] keeps what was made. A [gradus.lessons.lab.material.LabPart] is one part of
/// an experiment that uses them, [gradus.lessons.lab.material.LabSetting] what it is given.
package gradus.lessons.lab.material;
