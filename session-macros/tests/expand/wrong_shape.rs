struct Account<'a>(&'a str);
