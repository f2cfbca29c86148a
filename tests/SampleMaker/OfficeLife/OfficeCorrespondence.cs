namespace Sekisho.SampleMaker.OfficeLife;
public static class OfficeCorrespondence { public static System.Collections.Generic.IReadOnlyList<OfficeKind> Kinds => []; }
public static class OfficeFiles { public static System.Collections.Generic.IReadOnlyList<OfficeKind> Kinds => []; }
public static class OfficeMachines { public static System.Collections.Generic.IReadOnlyList<OfficeKind> Kinds => []; }
