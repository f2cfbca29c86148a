// Declares what no form or table needs: memory that may run, a copy into it, a start.
rule vba_memory_code
{
    meta:
        code = "YARA_VBA_MEMORY_CODE"
        weight = 100
        ja = "マクロがメモリに機械語を書き込んで実行します。"
        en = "A macro writes machine code into memory and runs it."
        attack = "T1055"
        reference = "https://attack.mitre.org/techniques/T1055/"
    strings:
        $memory = /(VirtualAlloc(Ex)?|HeapCreate|NtAllocateVirtualMemory)\b/ nocase
        $copy = /(RtlMoveMemory|WriteProcessMemory|NtWriteVirtualMemory)/ nocase
        $start = /(CreateThread|CreateRemoteThread|EnumSystemLocales|EnumWindows|CallWindowProc|NtQueueApcThread|QueueUserAPC)\b/ nocase
        $declare = /Declare\s+(PtrSafe\s+)?(Function|Sub)/ nocase
    condition:
        file_type == "vba" and all of them
}
