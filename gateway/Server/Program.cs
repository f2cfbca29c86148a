Console.WriteLine("sekisho");
